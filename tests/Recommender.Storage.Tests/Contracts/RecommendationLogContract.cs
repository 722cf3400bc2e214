using Recommender.Interactions;
using Recommender.Ranking;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class RecommendationLogContract(IStoreEngine engine) : StoreContract(engine)
{
    private IRecommendationLog Served => Store.Recommendations;

    private static ServedRecommendation Answer(string id, int minute = 0, Person? person = null) => new(
        id, Noon.AddMinutes(minute), person, "home", "personalised", "20260301-120000-ab12cd",
        [
            new ServedItem("book-1", 0.1f + 0.2f, "als", [new ServedReason("purchase", "book-9", 1f / 3), new ServedReason("popular", "", 0.5f)]),
            new ServedItem("böok-2", -float.Epsilon, "popular", []),
        ]);

    [Fact]
    public async Task An_answer_is_found_by_its_id_as_it_was_given()
    {
        ServedRecommendation[] answers =
            [Answer("nobody"), Answer("customer", person: Person.Customer("ann")), Answer("visitor", person: Person.Visitor("ann")), Answer("empty") with { Items = [] }];
        await Served.AppendAsync(Books, answers, Stop);
        await ReopenAsync();
        foreach (ServedRecommendation answer in answers) AssertSame(answer, await Served.FindAsync(Books, answer.RecommendationId, Stop));
        Assert.Null(await Served.FindAsync(Books, "unknown", Stop));
    }

    [Fact]
    public async Task An_answer_logged_twice_is_kept_once()
    {
        await Served.AppendAsync(Books, [Answer("a"), Answer("a")], Stop);
        await Served.AppendAsync(Books, [Answer("a")], Stop);
        AssertSame(Answer("a"), await Served.FindAsync(Books, "a", Stop));
        Assert.Equal(1, await Served.ForgetBeforeAsync(Books, Noon.AddDays(1), Stop));
    }

    [Fact]
    public async Task What_is_older_than_a_moment_is_forgotten_and_nothing_else()
    {
        await Served.AppendAsync(Books, [.. Enumerable.Range(0, 2_500).Select(minute => Answer($"a-{minute}", minute))], Stop);
        await Served.AppendAsync(Wines, [Answer("a-0")], Stop);

        Assert.Equal(2_400, await Served.ForgetBeforeAsync(Books, Noon.AddMinutes(2_400), Stop));
        Assert.Equal(0, await Served.ForgetBeforeAsync(Books, Noon.AddMinutes(2_400), Stop));
        Assert.Null(await Served.FindAsync(Books, "a-2399", Stop));
        Assert.NotNull(await Served.FindAsync(Books, "a-2400", Stop));
        Assert.NotNull(await Served.FindAsync(Wines, "a-0", Stop));
    }

    [Fact]
    public async Task Single_answers_are_forgotten_and_no_others()
    {
        await Served.AppendAsync(Books, [.. Enumerable.Range(0, 2_500).Select(minute => Answer($"a-{minute}", minute))], Stop);
        await Served.AppendAsync(Wines, [Answer("a-0")], Stop);

        Assert.Equal(2_400, await Served.ForgetAsync(Books, [.. Enumerable.Range(0, 2_400).Select(minute => $"a-{minute}"), "a-0", "unknown"], Stop));
        Assert.Equal(0, await Served.ForgetAsync(Books, [], Stop));
        await ReopenAsync();
        Assert.Null(await Served.FindAsync(Books, "a-2399", Stop));
        Assert.NotNull(await Served.FindAsync(Books, "a-2400", Stop));
        Assert.NotNull(await Served.FindAsync(Wines, "a-0", Stop));
    }

    [Fact]
    public async Task What_a_person_was_shown_comes_newest_first_since_a_moment_up_to_a_limit()
    {
        Person ann = Person.Customer("ann");
        await Served.AppendAsync(Books, [.. ((int[])[2, 4, 1, 3]).Select(minute => Answer($"a{minute}", minute, ann))], Stop);
        await Served.AppendAsync(Books, [Answer("visitor", 9, Person.Visitor("ann")), Answer("another", 9, Person.Customer("Ann")), Answer("nobody", 9)], Stop);
        await Served.AppendAsync(Wines, [Answer("other shop", 9, ann)], Stop);

        async Task<IEnumerable<string>> IdsAsync(int sinceMinute, int limit) =>
            (await Served.ReadPersonAsync(Books, ann, Noon.AddMinutes(sinceMinute), limit, Stop)).Select(served => served.RecommendationId);
        Assert.Equal(["a4", "a3", "a2", "a1"], await IdsAsync(0, 10));
        Assert.Equal(["a4", "a3", "a2"], await IdsAsync(2, 10));
        Assert.Equal(["a4", "a3"], await IdsAsync(0, 2));
        Assert.Empty(await IdsAsync(0, 0));
        AssertSame(Answer("a1", 1, ann), (await Served.ReadPersonAsync(Books, ann, Noon, 10, Stop))[3]);
        await Assert.ThrowsAnyAsync<ArgumentOutOfRangeException>(() => IdsAsync(0, -1));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Served.AppendAsync(Books, [Answer("a")], Stop);
        await Served.AppendAsync(Wines, [Answer("a") with { Scenario = "cellar" }], Stop);
        Assert.Equal("cellar", (await Served.FindAsync(Wines, "a", Stop))?.Scenario);
        Assert.Equal("home", (await Served.FindAsync(Books, "a", Stop))?.Scenario);
        Assert.Null(await Served.FindAsync(new Tenant("cheese"), "a", Stop));
    }

    // Records compare arrays by reference.
    private static void AssertSame(ServedRecommendation expected, ServedRecommendation? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Items = [] }, actual with { Items = [] });
        Assert.Equal(expected.Items.Select(item => item with { Reasons = [] }), actual.Items.Select(item => item with { Reasons = [] }));
        Assert.Equal(expected.Items.SelectMany(item => item.Reasons), actual.Items.SelectMany(item => item.Reasons));
    }
}
