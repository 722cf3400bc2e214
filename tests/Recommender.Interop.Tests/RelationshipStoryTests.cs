using System.Globalization;
using System.Text.Json.Nodes;
using Recommender.Interop.Tests.Harness;

namespace Recommender.Interop.Tests;

/// <summary>A customer's whole way with a shop, told by the shop's engineers in Python (Foreign/relationship.py).</summary>
public sealed class RelationshipStoryTests(RelationshipStory story) : IClassFixture<RelationshipStory>
{
    private const string Erased = " asked to be forgotten and was erased; readmit them first, at their wish, or use another id";

    [Fact]
    public async Task A_shop_with_two_years_of_purchases_is_trained_and_its_life_cycle_fitted_to_its_own_customers()
    {
        var opened = await story.ChapterAsync("opens");

        Assert.True(opened["live"]!.GetValue<bool>());
        Assert.Null(opened["fitted"]!["is_prior"]);
        Assert.Empty(List(opened, "problems"));
        Assert.Equal(1, opened["version"]!.GetValue<int>());
        Assert.Equal("120", Text(opened["passed"]!, "customers"));
        Assert.Equal(["exploration", "awareness", "expansion", "engagement", "dissolution"], Texts(opened["stages"]!, "stage"));
        Assert.Equal(120, List(opened, "stages").Sum(CustomersOf));
        // Every fifth reader has left.
        Assert.InRange(CustomersOf(List(opened, "stages").Last()), 24, 60);
    }

    [Fact]
    public async Task An_anonymous_visitor_is_recommended_by_what_is_being_looked_at_and_then_by_what_was()
    {
        var looked = await story.ChapterAsync("looks_around");

        Assert.Equal("SERVED_BY_POPULAR", Text(looked["unknown"]!, "served_by"));
        Assert.Equal("SERVED_BY_SESSION", Text(looked["session"]!, "served_by"));
        Assert.Equal("SERVED_BY_PERSONALISED", Text(looked["known"]!, "served_by"));
        Assert.Contains("because you are looking at Garden book 2", ReasonsIn(looked["session"]!));
        Assert.Contains("because you looked at Garden book 5", ReasonsIn(looked["known"]!));
        Assert.NotEqual(Ids(looked["unknown"]!), Ids(looked["known"]!));
        Assert.DoesNotContain("garden-2", Ids(looked["known"]!));
        Assert.Equal("exploration", Text(looked["known"]!, "stage"));
    }

    [Fact]
    public async Task Each_of_four_answers_changes_the_list_and_says_so_on_whatever_device()
    {
        var answered = await story.ChapterAsync("answers");
        JsonNode[] steps = List(answered, "steps");

        Assert.Equal(["books_0", "books_1", "books_2", "genre"], steps.Skip(1).Select(step => Text(step, "question")).Order());
        for (int i = 1; i < steps.Length; i++)
        {
            Assert.NotEqual(Strings(steps[i - 1], "list"), Strings(steps[i], "list"));
            Assert.NotEmpty(Strings(steps[i], "reasons"));
            string because = Text(steps[i], "question") == "genre" ? "answered Garden to Which shelf do you go to first?" : "picked ";
            Assert.All(Strings(steps[i], "reasons"), reason => Assert.StartsWith($"because you {because}", reason));
            // EventStatus: recorded, and a duplicate when sent again.
            Assert.Equal((1, 2), (steps[i]["first"]!.GetValue<int>(), steps[i]["retried"]!.GetValue<int>()));
            Assert.Equal(steps[i]["resumed"]!.ToJsonString(), steps[i]["stateless"]!.ToJsonString());
        }
        Assert.Equal("FINISHED_ENOUGH_ASKED", Text(answered["session"]!["next"]!, "finished"));
        Assert.Equal(4, List(answered["session"]!, "answers").Length);
        Assert.Equal(answered["session"]!.ToJsonString(), answered["on_laptop"]!.ToJsonString());
    }

    [Fact]
    public async Task What_is_wrong_with_an_answer_is_told_with_its_status_and_in_words()
    {
        var wrong = await story.ChapterAsync("answers_wrongly");

        Assert.Equal("NOT_FOUND: there is no version 7 of \"onboarding\"; the newest is 1", Text(wrong, "unknown_version"));
        Assert.Equal("NOT_FOUND: there is no questionnaire \"onbording\"; did you mean \"onboarding\"?",
            Text(wrong, "unknown_questionnaire"));
        Assert.StartsWith("PERMISSION_DENIED: a browser's key acts for visitors only", Text(wrong, "known_customer"));
        Assert.Equal("INVALID_ARGUMENT: answer.value is a number, but \"genre\" takes one option", Text(wrong, "wrong_kind"));
        Assert.Equal("INVALID_ARGUMENT: answer.value.option_ids[0] is \"gardn\", which is no option of \"genre\"; did you mean \"garden\"?",
            Text(wrong, "unknown_option"));
        Assert.StartsWith("INVALID_ARGUMENT: answer.value.date is", Text(wrong, "future_date"));
        Assert.StartsWith("FAILED_PRECONDITION: the session ", Text(wrong, "after_the_end"));
        Assert.EndsWith("takes no answer; start another", Text(wrong, "after_the_end"));
    }

    [Fact]
    public async Task Signing_in_makes_the_visitors_list_the_customers_and_only_a_server_may_say_who_it_is()
    {
        var linked = await story.ChapterAsync("signs_in");

        Assert.Equal("SERVED_BY_POPULAR", Text(linked["before"]!, "served_by"));
        Assert.StartsWith("PERMISSION_DENIED: /recommender.v1.IdentityService/Link needs a server key", Text(linked, "by_browser"));
        Assert.Equal(Ids(linked["before"]!), Ids(linked["not_linked"]!));
        // Two views and four answers.
        Assert.Equal(6, linked["preview"]!["events_gained"]!.GetValue<int>());
        Assert.Equal(Strings(linked, "visitors"), Strings(linked, "after"));
        Assert.Equal(Strings(linked, "visitors"), Texts(linked["preview"]!["after"]!, "item_id"));
        Assert.NotEqual(Ids(linked["before"]!), Strings(linked, "after"));
        Assert.Equal("awareness", Text(linked["home"]!, "stage"));
        Assert.StartsWith("FAILED_PRECONDITION: the link would close a ring", Text(linked, "ring"));
        Assert.Equal("FAILED_PRECONDITION: customer anna cannot be linked to themselves", Text(linked, "itself"));
    }

    [Fact]
    public async Task Whoever_bought_online_is_recognised_in_the_store_with_all_that_is_known_in_words()
    {
        var bought = await story.ChapterAsync("buys");
        var portrait = bought["portrait"]!;
        var channels = List(portrait, "channels").ToDictionary(one => one["channel"]?.GetValue<string>() ?? "", one => one["events"]!);
        var web = List(portrait, "orders").Single(order => Text(order, "channel") == "web");

        Assert.Equal("anna's phone", Assert.Single(Strings(portrait, "linked_visitor_ids")));
        Assert.Equal(("4", "2"), (Text(channels["web"], "purchase"), Text(channels["web"], "view")));
        Assert.Equal(("1", "1"), (Text(channels["store"], "purchase"), Text(channels["store"], "review")));
        Assert.Equal("4", Text(channels[""], "answer"));
        Assert.Equal(["store-1", "web-1"], Texts(portrait["orders"]!, "order_id"));
        Assert.Equal([.. Strings(bought, "chosen"), "history-0", "history-1"], Texts(web["lines"]!, "item_id"));
        var gifts = List(web, "lines").Where(line => line["gift"] is not null);
        Assert.Equal(["History book 0", "History book 1"], gifts.Select(gift => Text(gift, "title")));
        Assert.Equal(48, web["totals"]!["EUR"]!.GetValue<double>());
        Assert.Equal(60, portrait["spent"]!["EUR"]!.GetValue<double>());

        var answers = List(portrait, "answers").ToLookup(one => Text(one, "question"), one => Text(one, "answer"));
        Assert.Equal(["Garden"], answers["Which shelf do you go to first?"]);
        Assert.Equal(3, answers["Have you liked any of these?"].Count());
        Assert.All(answers["Have you liked any of these?"], said => Assert.Contains(" book ", said));
        Assert.Equal(("genre", "garden"), (Text(List(portrait, "tastes")[0], "attribute"), Text(List(portrait, "tastes")[0], "value")));
        Assert.DoesNotContain("history", Texts(portrait["tastes"]!, "value"));
        Assert.Equal("Read it twice.", Text(Assert.Single(List(portrait, "reviews")), "text"));
        Assert.NotEmpty(List(portrait, "recommendations"));
        Assert.Equal("Gratz", Text(portrait["customer"]!["attributes"]!["city"]!, "text"));
        Assert.Equal("staff", Text(portrait["customer"]!["statements"]!["city"]!, "source"));
    }

    [Fact]
    public async Task Stages_follow_each_other_with_date_and_reason_from_the_first_look_to_the_second_purchase()
    {
        var bought = await story.ChapterAsync("buys");
        var (first, then) = (bought["first"]!, bought["portrait"]!["life_cycle"]!);

        Assert.Equal(("awareness", "registered or answered questions"), (Text(first, "stage"), Text(first, "reason")));
        Assert.Equal(("expansion", "bought again, 21 days after the first purchase"), (Text(then, "stage"), Text(then, "reason")));
        Assert.Equal(["awareness", "expansion"], Texts(then["changes"]!, "to"));
        Assert.Equal(DayOf(List(then, "changes")[0], "at").AddDays(21), DayOf(List(then, "changes")[1], "at"));
        Assert.InRange(then["probability_alive"]!.GetValue<double>(), 0.5, 1);
        Assert.NotNull(bought["portrait"]!["satisfaction"]);
        Assert.NotNull(bought["portrait"]!["intensity"]);
    }

    [Fact]
    public async Task What_is_shown_and_ignored_makes_room_and_comes_back()
    {
        var bought = await story.ChapterAsync("buys");
        string[][] shows = [.. List(bought, "shows").Select(show => StringsIn(show.AsArray()))];

        Assert.NotEmpty(shows[0]);
        Assert.Empty(shows[0].Intersect(shows[^1]));
        Assert.Contains(shows[0][0], Strings(bought, "rested"));
    }

    [Fact]
    public async Task A_broken_rhythm_is_dated_explained_and_answered_with_what_brings_back()
    {
        var silent = await story.ChapterAsync("falls_silent");
        var (before, after, row) = (silent["before"]!, silent["after"]!, Assert.Single(List(silent, "winback")));

        Assert.Equal("expansion", Text(before, "stage"));
        Assert.Equal("expansion", Text(silent["eve"]!, "stage"));
        Assert.Equal("dissolution", Text(after, "stage"));
        Assert.Equal(DayOf(before, "next_change"), DayOf(after, "since"));
        Assert.StartsWith("bought every 21 days, silent for ", Text(after, "reason"));
        Assert.Equal("dissolution", Text(List(after, "changes").Last(), "to"));

        Assert.Empty(List(silent, "early"));
        Assert.True(silent["passed"]!["done"]!.GetValue<bool>());
        Assert.Equal((Text(after, "since"), Text(after, "reason")), (Text(row, "since"), Text(row, "reason")));

        var home = silent["home"]!;
        Assert.Equal("dissolution", Text(home, "stage"));
        Assert.Equal(["cart", "new", "new"], List(home, "items").Take(3).Select(item => Text(item, "source")));
        Assert.Equal(["garden-9", "garden-100", "garden-101"], Ids(home).Take(1).Concat(Ids(home).Skip(1).Take(2).Order()));
        Assert.Equal(["you left it in your cart", "new since your last visit"], ReasonsIn(home).Take(2));
        Assert.Equal(6, Ids(home).Distinct().Count());
    }

    [Fact]
    public async Task The_ledger_silences_the_mail_that_would_be_too_much_and_says_from_when_the_next_may_go()
    {
        var written = await story.ChapterAsync("is_written_to");
        var (refused, silent, ledger) = (written["reserved"]!["pressure"]!, written["silent"]!, written["ledger"]!);

        foreach (var unasked in List(written, "unasked"))
            Assert.Equal("customer anna has not agreed to marketing by mail", Text(unasked, "reason"));
        Assert.True(written["letter"]!["pressure"]!["allowed"]!.GetValue<bool>());
        Assert.Equal("garden-9", Ids(written["letter"]!)[0]);
        Assert.Equal(1, written["sent"]!.GetValue<int>());
        Assert.Null(refused["allowed"]);
        Assert.StartsWith("1 mail in 14 days in dissolution are enough; the next from ", Text(refused, "reason"));
        Assert.InRange(written["wait_days"]!.GetValue<double>(), 13.99, 14.01);
        Assert.Equal(refused.ToJsonString(), silent["pressure"]!.ToJsonString());
        Assert.Null(silent["items"]);
        Assert.Null(silent["recommendation_id"]);
        Assert.NotEmpty(Ids(written["web"]!));
        Assert.Equal(["mail-0"], Texts(ledger["contacts"]!, "contact_id"));
        Assert.All(List(ledger, "contacts"), contact => Assert.Equal("CONTACT_STATE_CONFIRMED", Text(contact, "state")));
        Assert.All(List(ledger, "contacts"), contact => Assert.Equal(Ids(written["letter"]!), Strings(contact, "item_ids")));
        var budget = List(ledger, "budgets").Single(one => Text(one, "name") == "1 mail in 14 days in dissolution");
        Assert.Equal((1, 1), (budget["used"]!.GetValue<int>(), budget["most"]!.GetValue<int>()));
        Assert.Equal(Text(refused, "allowed_from"), Text(budget, "free_at"));
        Assert.True(written["later"]!["allowed"]!.GetValue<bool>());

        Assert.Equal("NOT_FOUND: there is no contact \"never\"; reserve it first", Text(written, "unknown_contact"));
        Assert.Equal("FAILED_PRECONDITION: contact \"mail-0\" is confirmed and stays so", Text(written, "cancelled_too_late"));
        Assert.Equal("INVALID_ARGUMENT: budgets[0].most is -1, it must be 0 to 10000", Text(written, "senseless_policy"));
    }

    [Fact]
    public async Task The_customer_reads_corrects_and_forgets_and_once_erased_is_addressed_no_more()
    {
        var left = await story.ChapterAsync("takes_herself_out");
        const string looked = "You looked at Garden book 5 on ", city = "city: Gratz";

        string[] facts = Texts(left["view"]!["facts"]!, "text");
        Assert.Contains(city, facts);
        Assert.Contains("birthday: 1984-05-17", facts);
        Assert.Contains("You agreed to marketing by mail", facts);
        foreach (string fact in (string[])[looked, "You bought Cooking book 3", "You bought History book 0 as a gift", "You answered Garden"])
            Assert.Contains(facts, one => one.StartsWith(fact, StringComparison.Ordinal));

        Assert.StartsWith("INVALID_ARGUMENT: fact_id is \"event:seen-5\"", Text(left, "uncorrectable"));
        var corrected = List(left["corrected"]!, "facts").Single(fact => Text(fact, "fact_id") == "attribute:city");
        Assert.Equal(("city: Graz", "customer"), (Text(corrected, "text"), Text(corrected, "source")));
        foreach (string view in (string[])["forgotten", "sent_again"])
        {
            Assert.DoesNotContain(Texts(left[view]!["facts"]!, "text"), fact => fact.StartsWith(looked, StringComparison.Ordinal));
            Assert.Equal(facts.Length - 1, List(left[view]!, "facts").Length);
        }

        // One view, four answers, five purchases, a review, a cart.
        var deleted = left["receipt"]!["deleted"]!;
        Assert.Equal("12", Text(deleted, "events"));
        Assert.Equal(("1", "1", "1"), (Text(deleted, "profiles"), Text(deleted, "links"), Text(deleted, "contacts")));
        Assert.True(JsonNode.DeepEquals(left["receipt"], left["kept_receipt"]), left["kept_receipt"]!.ToJsonString());
        string[] refused = [.. Enumerable.Repeat("customer anna", 8)];
        refused[1] = "visitor anna's phone";
        Assert.Equal(refused.Select(who => $"FAILED_PRECONDITION: {who}{Erased}"), Strings(left, "addressed"));
        Assert.Equal("SERVED_BY_POPULAR", Text(left["home"]!, "served_by"));
        Assert.Empty(List(left, "winback"));
    }

    private static string Text(JsonNode node, string name) =>
        node[name]?.GetValue<string>() ?? throw new InvalidOperationException($"\"{name}\" is not in {node.ToJsonString()}");

    // An empty list is left out of a message.
    private static JsonNode[] List(JsonNode node, string name) => [.. (node[name]?.AsArray() ?? []).Select(one => one!)];

    private static string[] Strings(JsonNode node, string name) => StringsIn(List(node, name));

    private static string[] StringsIn(IEnumerable<JsonNode?> list) => [.. list.Select(one => one!.GetValue<string>())];

    private static string[] Texts(JsonNode list, string name) => [.. list.AsArray().Select(one => Text(one!, name))];

    private static string[] Ids(JsonNode answer) => [.. List(answer, "items").Select(item => Text(item, "item_id"))];

    private static string[] ReasonsIn(JsonNode answer) =>
        [.. List(answer, "items").SelectMany(item => List(item, "reasons")).Select(reason => Text(reason, "text"))];

    // What is zero is left out of a message, too.
    private static long CustomersOf(JsonNode stage) =>
        stage["customers"] is null ? 0 : long.Parse(Text(stage, "customers"), CultureInfo.InvariantCulture);

    private static DateOnly DayOf(JsonNode node, string name) =>
        DateOnly.FromDateTime(DateTimeOffset.Parse(Text(node, name), CultureInfo.InvariantCulture).UtcDateTime);
}
