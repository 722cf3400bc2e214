using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Grpc;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;
using Person = Recommender.Interactions.Person;

namespace Recommender.Tests.Server;

public sealed class QuestionnaireTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    private QuestionnaireService.QuestionnaireServiceClient Service => new(shop.Channel);

    [Fact]
    public async Task A_draft_tells_what_keeps_it_from_being_published_and_publishing_refuses_it_with_all_faults()
    {
        string faulty = Taste("faulty").Replace("item.genre == \\\"crime\\\"", "item.genr == \\\"crime\\\"").Replace("\"garden-03\"", "\"garden-3\"");
        var saved = await SaveAsync(faulty);

        Assert.Equal(["questions[0].options[0].means", "questions[1].items[1]"], saved.Problems.Select(problem => problem.Path));
        Assert.Contains("did you mean item.genre?", saved.Problems[0].Problem);
        Assert.Contains("\"garden-03\"", saved.Problems[1].Problem);
        var refused = await RefusedAsync(() => Service.PublishQuestionnaireAsync(new() { QuestionnaireId = "faulty" }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, refused.Code);
        Assert.Equal(saved.Problems.Select(problem => problem.Path), refused.Fields);
        Assert.Equal(StatusCode.FailedPrecondition, (await RefusedAsync(() => StartAsync("faulty", "v-faulty"))).Code);
    }

    [Fact]
    public async Task A_definition_that_cannot_be_read_is_refused_with_every_path()
    {
        var refused = await RefusedAsync(() => SaveAsync("""{ "id": "x", "titel": "X", "questions": [ { "id": "q", "kind": "singel" } ] }"""));

        Assert.Equal(StatusCode.InvalidArgument, refused.Code);
        Assert.Equal(["questions[0].kind", "titel"], refused.Fields);
        Assert.Equal(["definition"], (await RefusedAsync(() => Service.SaveDraftAsync(new()).ResponseAsync)).Fields);
    }

    [Fact]
    public async Task A_published_version_stays_as_it_is_while_the_draft_goes_on_and_of_two_that_publish_at_once_one_wins()
    {
        await SaveAsync(Taste("racing"));
        var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await Service.PublishQuestionnaireAsync(new() { QuestionnaireId = "racing" })).Version));
        Assert.All(versions, version => Assert.Equal(1, version));
        await SaveAsync(Taste("racing").Replace("What do you like?", "What do you love?"));
        Assert.Equal("What do you like?", TextOf(await Service.GetQuestionnaireAsync(new() { QuestionnaireId = "racing" })));
        Assert.Equal("What do you love?", TextOf(await Service.GetQuestionnaireAsync(new() { QuestionnaireId = "racing", Version = 0 })));

        // A colleague saves another draft between the two calls of one who publishes: the later call does not pass it off as theirs.
        Assert.Equal(2, (await Service.PublishQuestionnaireAsync(new() { QuestionnaireId = "racing", BaseVersion = 1 })).Version);
        Assert.Equal(2, (await Service.PublishQuestionnaireAsync(new() { QuestionnaireId = "racing", BaseVersion = 1 })).Version);
        await SaveAsync(Taste("racing").Replace("What do you like?", "What do you adore?"));
        var late = await RefusedAsync(() => Service.PublishQuestionnaireAsync(new() { QuestionnaireId = "racing", BaseVersion = 1 }).ResponseAsync);
        Assert.Equal(StatusCode.Aborted, late.Code);
        Assert.Contains("version 2", late.Detail);

        var all = await Service.ListQuestionnairesAsync(new());
        Assert.Equal([0, 1, 2], all.Questionnaires.Where(one => one.QuestionnaireId == "racing").Select(one => one.Version));
        Assert.All(all.Questionnaires, one => Assert.Null(one.Definition));

        static string TextOf(Questionnaire one) => one.Definition.Fields["questions"].ListValue.Values[0].StructValue.Fields["text"].StructValue.Fields["en"].StringValue;
    }

    [Fact]
    public async Task Definitions_survive_a_restart_of_the_server()
    {
        await using var other = new PlantedShop();
        await other.InitializeAsync();
        var service = new QuestionnaireService.QuestionnaireServiceClient(other.Channel);
        await service.SaveDraftAsync(new() { Definition = Struct.Parser.ParseJson(Taste("kept")) });
        await service.PublishQuestionnaireAsync(new() { QuestionnaireId = "kept" });
        var session = await service.StartSessionAsync(new() { QuestionnaireId = "kept", VisitorId = "v" });
        await service.SubmitAnswerAsync(new() { SessionId = session.SessionId, Answer = Picked("genres", "crime") });

        await other.StopAsync();
        await other.StartAsync();
        service = new QuestionnaireService.QuestionnaireServiceClient(other.Channel);
        Assert.Equal("genres", Assert.Single((await service.GetSessionAsync(new() { SessionId = session.SessionId })).Answers).QuestionId);
    }

    [Fact]
    public async Task A_session_asks_in_the_persons_language_and_goes_on_on_another_device()
    {
        await PublishAsync(Taste("resumed"));
        var begun = await Service.StartSessionAsync(new() { QuestionnaireId = "resumed", VisitorId = "v-resumed", Language = "de-AT" });
        Assert.Equal(("genres", "Was mögen Sie?", QuestionKind.Multi, "Krimis"),
            (begun.Next.Question.QuestionId, begun.Next.Question.Text, begun.Next.Question.Kind, begun.Next.Question.Options[0].Text));

        var answered = await Service.SubmitAnswerAsync(new() { SessionId = begun.SessionId, Answer = Picked("genres", "garden") });
        Assert.Equal((EventStatus.Recorded, "covers", 1, 3), (answered.Status, answered.Session.Next.Question.QuestionId, answered.Session.Next.Answered, answered.Session.Next.Remaining));
        Assert.Equal([Crime(2), Garden(3)], answered.Session.Next.Question.Items.Select(item => item.ItemId));
        Assert.Equal("The crime book 2", answered.Session.Next.Question.Items[0].Title);

        var resumed = await StartAsync("resumed", "v-resumed");
        Assert.Equal(begun.SessionId, resumed.SessionId);
        Assert.Equal(answered.Session, resumed);
        Assert.NotEqual(begun.SessionId, (await StartAsync("resumed", "somebody-else")).SessionId);
    }

    [Fact]
    public async Task Two_who_start_at_once_for_one_person_get_one_session()
    {
        await PublishAsync(Taste("twice"));
        var sessions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StartAsync("twice", "v-twice")));
        Assert.Single(sessions.Select(session => session.SessionId).Distinct());
    }

    [Fact]
    public async Task Answers_that_the_caller_keeps_lead_to_the_same_questions_as_a_session_and_are_not_stored()
    {
        await PublishAsync(Taste("kept-elsewhere").Replace("\"fixed\"", "\"adaptive\""));
        var session = await StartAsync("kept-elsewhere", "v-stateful");
        var answers = new List<Answer>();
        while (session.Next.Question is { } question)
        {
            var alone = await Service.NextQuestionAsync(new() { QuestionnaireId = "kept-elsewhere", Answers = { answers } });
            Assert.Equal(session.Next, alone.Next);
            answers.Add(AnswerTo(question));
            session = (await Service.SubmitAnswerAsync(new() { SessionId = session.SessionId, Answer = answers[^1] })).Session;
        }
        Assert.Equal(Finished.NothingLeft, session.Next.Finished);
        Assert.Equal(session.Next, (await Service.NextQuestionAsync(new() { QuestionnaireId = "kept-elsewhere", Answers = { answers } })).Next);
        Assert.Equal(4, answers.Count);
        Assert.Equal(4, (await EventsOfAsync(Person.Visitor("v-stateful"))).Length);
    }

    [Fact]
    public async Task The_same_answer_is_one_event_however_often_and_from_however_many_places_it_is_sent()
    {
        await PublishAsync(Taste("idempotent"));
        var session = await StartAsync("idempotent", "v-idempotent");
        var request = new SubmitAnswerRequest { SessionId = session.SessionId, Answer = Picked("genres", "garden", "crime") };
        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await Service.SubmitAnswerAsync(request)).Status));
        Assert.Equal(1, statuses.Count(status => status == EventStatus.Recorded));
        Assert.Equal(7, statuses.Count(status => status == EventStatus.Duplicate));

        request.Answer = Picked("genres", "crime", "garden");
        Assert.Equal(EventStatus.Duplicate, (await Service.SubmitAnswerAsync(request)).Status);
        Assert.Single(await EventsOfAsync(Person.Visitor("v-idempotent")));

        // Somebody may change their mind, and change it back.
        foreach (string[] options in (string[][])[["crime"], ["crime", "garden"]])
        {
            request.Answer = Picked("genres", options);
            Assert.Equal(EventStatus.Recorded, (await Service.SubmitAnswerAsync(request)).Status);
        }
        var events = await EventsOfAsync(Person.Visitor("v-idempotent"));
        Assert.Equal(3, events.Length);
        Assert.All(events, one => Assert.Equal(("answer", session.SessionId, "customer"), (one.Type, one.Answer!.SessionId, one.Answer.Source)));
    }

    [Fact]
    public async Task Options_mapped_to_items_lift_these_for_the_very_first_customer_and_say_why()
    {
        await PublishAsync(Taste("first"));
        var session = await StartAsync("first", "v-first");
        var request = new RecommendRequest { VisitorId = "v-first", Count = 6 };
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(request)).ServedBy);

        await AnswerAsync(session, Picked("genres", "garden"));
        var garden = await shop.RecommendAsync(request);
        Assert.Equal(ServedBy.Personalised, garden.ServedBy);
        Assert.All(garden.Items, item => Assert.StartsWith("garden-", item.ItemId));
        var reason = garden.Items[0].Reasons[0];
        Assert.Equal(("answer", "first/genres/garden", "because you answered Gardens to What do you like?"), (reason.Kind, reason.ItemId, reason.Text));
        Assert.All(garden.Items, item => Assert.True(item.Reasons.Count(one => one.Kind == "answer") == 1 && item.Reasons.Sum(one => one.Share) is > 0.99 and < 1.01));

        await AnswerAsync(session, Picked("genres", "crime"));
        Assert.All((await shop.RecommendAsync(request)).Items, item => Assert.StartsWith("crime-", item.ItemId));

        await AnswerAsync(session, Without("genres", AnswerKind.Withdrawn));
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(request)).ServedBy);

        await AnswerAsync(session, Picked("genres", "crime"));
        await AnswerAsync(session, Without("genres", AnswerKind.Declined));
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(request)).ServedBy);
    }

    [Fact]
    public async Task An_option_that_enough_people_chose_lifts_what_they_bought_once_it_was_learned_and_is_never_shown_itself()
    {
        await using var fresh = new PlantedShop();
        await fresh.InitializeAsync();
        var service = new QuestionnaireService.QuestionnaireServiceClient(fresh.Channel);
        await service.SaveDraftAsync(new()
        {
            Definition = Struct.Parser.ParseJson("""
                { "id": "mood", "title": "Mood", "questions": [ { "id": "light", "kind": "single", "text": "Dark or light?",
                  "options": [ { "id": "dark", "text": "Dark" }, { "id": "bright", "text": "Light" }, { "id": "odd", "text": "Odd", "means": "item.genre == \"garden\"" } ] } ] }
                """),
        });
        await service.PublishQuestionnaireAsync(new() { QuestionnaireId = "mood" });
        for (int reader = 0; reader < 30; reader++)
        {
            await service.RecordAnswersAsync(new()
            {
                Answers = { Recorded("mood", $"crime-reader-{reader}", Picked("light", "dark")), Recorded("mood", $"garden-reader-{reader}", Picked("light", "bright")) },
            });
        }
        var session = await service.StartSessionAsync(new() { QuestionnaireId = "mood", VisitorId = "v-mood" });
        await service.SubmitAnswerAsync(new() { SessionId = session.SessionId, Answer = Picked("light", "bright") });
        var odd = await service.StartSessionAsync(new() { QuestionnaireId = "mood", VisitorId = "v-odd" });
        await service.SubmitAnswerAsync(new() { SessionId = odd.SessionId, Answer = Picked("light", "odd") });
        Assert.Equal(ServedBy.Popular, (await fresh.RecommendAsync(new() { VisitorId = "v-mood", Count = 5 })).ServedBy);

        await fresh.TrainAsync();
        var answer = await fresh.RecommendAsync(new() { VisitorId = "v-mood", Count = 40 });
        Assert.All(answer.Items.Take(10), item => Assert.StartsWith("garden-", item.ItemId));
        Assert.Contains(answer.Items[0].Reasons, reason => reason is { Kind: "answer", ItemId: "mood/light/bright", Text: "because you answered Light to Dark or light?" });
        // One person who gave an answer teaches less about it than its author knows.
        Assert.All((await fresh.RecommendAsync(new() { VisitorId = "v-odd", Count = 5 })).Items, item => Assert.StartsWith("garden-", item.ItemId));

        string column = Recommender.Questionnaires.AnswerColumns.KeyOf("mood", "light", "dark");
        Assert.True(fresh.Shop.Live.Now.Shelves.TryGetNumber(column, out _));
        var similar = await fresh.Recommendations.SimilarItemsAsync(new() { ItemIds = { Crime(1) }, Count = 100 });
        var popular = await fresh.RecommendAsync(new() { VisitorId = "nobody", Count = 100 });
        foreach (var list in (RecommendResponse[])[answer, similar, popular]) Assert.DoesNotContain(list.Items, item => item.ItemId.Contains("mood", StringComparison.Ordinal));
        Assert.Equal(2 * Kind, popular.Items.Count);
        Assert.Equal(StatusCode.InvalidArgument, (await RefusedAsync(() => fresh.Recommendations.WhyNotAsync(new() { VisitorId = "nobody", ItemId = column }).ResponseAsync)).Code);
    }

    [Fact]
    public async Task The_question_that_teaches_most_comes_first_and_it_ends_where_little_is_left_to_learn()
    {
        string telling = """
            { "id": "telling", "title": "Telling", "order": "adaptive", "questions": [
              { "id": "price", "kind": "single", "text": "Cheap?", "options": [
                { "id": "cheap", "text": "Cheap", "means": "item.price in [6.0, 8.0]" }, { "id": "dear", "text": "Dear", "means": "item.price in [7.0, 9.0]" } ] },
              { "id": "kind", "kind": "single", "text": "Which?", "options": [
                { "id": "crime", "text": "Crime", "means": "item.genre == \"crime\"" }, { "id": "garden", "text": "Garden", "means": "item.genre == \"garden\"" } ] },
              { "id": "born", "kind": "date", "text": "When were you born?" } ] }
            """;
        await PublishAsync(telling);
        var session = await StartAsync("telling", "v-telling");
        Assert.Equal("kind", session.Next.Question.QuestionId);
        Assert.InRange(session.Next.RemainingGain, 0.01, 1);

        await PublishAsync(telling.Replace("\"telling\"", "\"short\"").Replace("\"order\"", "\"gain_threshold\": 0.999, \"order\""));
        session = await StartAsync("short", "v-telling");
        Assert.Equal("born", session.Next.Question.QuestionId);
        Assert.Equal(Finished.LittleToLearn, (await AnswerAsync(session, new Answer { QuestionId = "born", Value = new() { Date = "1984-05-17" } })).Session.Next.Finished);
    }

    [Fact]
    public async Task What_a_visitor_answered_goes_on_with_the_customer_they_are_linked_to_and_not_the_other_way_round()
    {
        await PublishAsync(Taste("linked"));
        var session = await StartAsync("linked", "v-linked");
        await AnswerAsync(session, Picked("genres", "garden"));
        await shop.Identity.LinkAsync(new() { FromVisitorId = "v-linked", CustomerId = "c-linked" });

        var resumed = await Service.StartSessionAsync(new() { QuestionnaireId = "linked", CustomerId = "c-linked" });
        Assert.Equal(session.SessionId, resumed.SessionId);
        await Service.SubmitAnswerAsync(new() { SessionId = session.SessionId, CustomerId = "c-linked", Answer = new() { QuestionId = "birthday", Value = new() { Date = "1984-05-17" } } });
        Assert.Equal("1984-05-17", (await shop.Customers.GetCustomerAsync(new() { CustomerId = "c-linked" })).Customer.Dates["birthday"]);
        Assert.All((await shop.RecommendAsync(new() { CustomerId = "c-linked", Count = 4 })).Items, item => Assert.StartsWith("garden-", item.ItemId));

        await PublishAsync(Taste("linked-back"));
        var theirs = await Service.StartSessionAsync(new() { QuestionnaireId = "linked-back", CustomerId = "c-linked" });
        var refused = await RefusedAsync(() => Service.SubmitAnswerAsync(new() { SessionId = theirs.SessionId, VisitorId = "v-linked", Answer = Picked("genres", "crime") }).ResponseAsync);
        Assert.Equal(StatusCode.PermissionDenied, refused.Code);
        Assert.NotEqual(theirs.SessionId, (await StartAsync("linked-back", "v-linked")).SessionId);
    }

    [Fact]
    public async Task What_was_forgotten_and_is_said_anew_counts_again()
    {
        await PublishAsync(Taste("forgotten"));
        var session = await Service.StartSessionAsync(new() { QuestionnaireId = "forgotten", CustomerId = "c-forgotten" });
        await AnswerAsync(session, Picked("genres", "garden"));
        var portrait = await shop.Customers.GetCustomerAsync(new() { CustomerId = "c-forgotten" });
        Assert.Equal(("What do you like?", "Gardens"), (Assert.Single(portrait.Answers).Question, portrait.Answers[0].Answer));

        await shop.Customers.ForgetFactsAsync(new() { CustomerId = "c-forgotten", FactIds = { $"event:{portrait.Answers[0].EventId}" } });
        Assert.Empty((await Service.GetSessionAsync(new() { SessionId = session.SessionId })).Answers);
        Assert.Single((await AnswerAsync(session, Picked("genres", "garden"))).Session.Answers);
        Assert.Equal(ServedBy.Personalised, (await shop.RecommendAsync(new() { CustomerId = "c-forgotten" })).ServedBy);
    }

    [Fact]
    public async Task Whoever_was_erased_is_not_asked_again()
    {
        await PublishAsync(Taste("erased"));
        await AnswerAsync(await Service.StartSessionAsync(new() { QuestionnaireId = "erased", CustomerId = "c-erased" }), Picked("genres", "garden"));
        await shop.Customers.EraseCustomerAsync(new() { CustomerId = "c-erased" });
        var refused = await RefusedAsync(() => Service.StartSessionAsync(new() { QuestionnaireId = "erased", CustomerId = "c-erased" }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, refused.Code);
    }

    [Fact]
    public async Task A_page_in_a_browser_takes_visitors_through_and_touches_nothing_else()
    {
        await using var guarded = new PlantedShop();
        await guarded.InitializeAsync();
        var service = new QuestionnaireService.QuestionnaireServiceClient(guarded.Channel);
        await service.SaveDraftAsync(new() { Definition = Struct.Parser.ParseJson(Taste("guarded")) });
        await service.PublishQuestionnaireAsync(new() { QuestionnaireId = "guarded" });
        var customers = await service.StartSessionAsync(new() { QuestionnaireId = "guarded", CustomerId = "c" });
        await guarded.StopAsync();
        var key = new Metadata { { "authorization", "Bearer " + await guarded.KeyAsync(Recommender.Server.Security.Role.Browser) } };
        await guarded.StartAsync();
        service = new QuestionnaireService.QuestionnaireServiceClient(guarded.Channel);

        var session = await service.StartSessionAsync(new() { QuestionnaireId = "guarded", VisitorId = "v" }, key);
        Assert.Equal(EventStatus.Recorded, (await service.SubmitAnswerAsync(new() { SessionId = session.SessionId, Answer = Picked("genres", "crime") }, key)).Status);
        foreach (Func<Task> call in (Func<Task>[])
        [
            () => service.StartSessionAsync(new() { QuestionnaireId = "guarded", CustomerId = "c" }, key).ResponseAsync,
            () => service.GetSessionAsync(new() { SessionId = customers.SessionId }, key).ResponseAsync,
            () => service.SubmitAnswerAsync(new() { SessionId = customers.SessionId, Answer = Picked("genres", "crime") }, key).ResponseAsync,
            () => service.SubmitAnswerAsync(new() { SessionId = "anything", CustomerId = "c", Answer = Picked("genres", "crime") }, key).ResponseAsync,
            () => service.EndSessionAsync(new() { SessionId = customers.SessionId }, key).ResponseAsync,
            () => service.NextQuestionAsync(new() { QuestionnaireId = "guarded", CustomerId = "c" }, key).ResponseAsync,
            () => service.SaveDraftAsync(new() { Definition = Struct.Parser.ParseJson(Taste("mine")) }, key).ResponseAsync,
            () => service.RecordAnswersAsync(new(), key).ResponseAsync,
            () => service.GetResultsAsync(new() { QuestionnaireId = "guarded" }, key).ResponseAsync,
        ]) Assert.Equal(StatusCode.PermissionDenied, (await RefusedAsync(call)).Code);
    }

    [Fact]
    public async Task A_page_in_a_browser_sees_nothing_of_what_the_linked_customer_said_elsewhere_and_says_nothing_in_their_name()
    {
        await using var guarded = new PlantedShop();
        await guarded.InitializeAsync();
        await guarded.StopAsync();
        Metadata server = await KeyAsync(Recommender.Server.Security.Role.Server), browser = await KeyAsync(Recommender.Server.Security.Role.Browser);
        await guarded.StartAsync();
        var service = new QuestionnaireService.QuestionnaireServiceClient(guarded.Channel);
        await service.SaveDraftAsync(new() { Definition = Struct.Parser.ParseJson(Taste("shared")) }, server);
        await service.PublishQuestionnaireAsync(new() { QuestionnaireId = "shared" }, server);
        await guarded.Identity.LinkAsync(new() { FromVisitorId = "v", CustomerId = "c" }, server);
        var theirs = await service.StartSessionAsync(new() { QuestionnaireId = "shared", CustomerId = "c" }, server);
        await service.SubmitAnswerAsync(new() { SessionId = theirs.SessionId, Answer = Picked("genres", "crime") }, server);

        var own = await service.StartSessionAsync(new() { QuestionnaireId = "shared", VisitorId = "v" }, browser);
        Assert.Equal((0, 0, "covers"), (own.Answers.Count, own.Next.Answered, own.Next.Question.QuestionId));
        var answered = (await service.SubmitAnswerAsync(new() { SessionId = own.SessionId, Answer = Born }, browser)).Session;
        foreach (var seen in (Session[])[answered, await service.GetSessionAsync(new() { SessionId = own.SessionId }, browser), await service.EndSessionAsync(new() { SessionId = own.SessionId }, browser)])
            Assert.Equal(("birthday", 1), (Assert.Single(seen.Answers).QuestionId, seen.Next.Answered));
        Assert.Equal(2, (await service.GetSessionAsync(new() { SessionId = own.SessionId }, server)).Answers.Count);
        Assert.Empty((await guarded.Customers.GetCustomerAsync(new() { CustomerId = "c" }, server)).Customer.Dates);

        async Task<Metadata> KeyAsync(Recommender.Server.Security.Role role) => new() { { "authorization", "Bearer " + await guarded.KeyAsync(role) } };
    }

    [Fact]
    public async Task The_id_of_a_session_cannot_be_worked_out_from_whose_it_is()
    {
        await PublishAsync(Taste("secret"));
        var here = await StartAsync("secret", "v-secret");
        await using var elsewhere = new PlantedShop();
        await elsewhere.InitializeAsync();
        var service = new QuestionnaireService.QuestionnaireServiceClient(elsewhere.Channel);
        await service.SaveDraftAsync(new() { Definition = Struct.Parser.ParseJson(Taste("secret")) });
        await service.PublishQuestionnaireAsync(new() { QuestionnaireId = "secret" });
        var there = await service.StartSessionAsync(new() { QuestionnaireId = "secret", VisitorId = "v-secret" });
        Assert.NotEqual(here.SessionId, there.SessionId);
        await elsewhere.StopAsync();
        await elsewhere.StartAsync();
        service = new QuestionnaireService.QuestionnaireServiceClient(elsewhere.Channel);
        Assert.Equal(there.SessionId, (await service.StartSessionAsync(new() { QuestionnaireId = "secret", VisitorId = "v-secret" })).SessionId);
    }

    [Fact]
    public async Task What_a_visitor_answered_fills_what_the_profile_lacks_when_they_sign_in_and_nothing_that_was_forgotten_since()
    {
        await PublishAsync(Taste("gaps"));
        await shop.Customers.UpdateCustomerAsync(new() { CustomerId = "c-gaps", SetAttributes = { ["books_a_year"] = new AttributeValue { Number = 4 } } });
        var session = await StartAsync("gaps", "v-gaps");
        await AnswerAsync(session, Born);
        await AnswerAsync(session, new() { QuestionId = "a_year", Value = new() { Number = 30 } });
        await shop.Identity.LinkAsync(new() { FromVisitorId = "v-gaps", CustomerId = "c-gaps" });
        var profile = (await shop.Customers.GetCustomerAsync(new() { CustomerId = "c-gaps" })).Customer;
        Assert.Equal(("1984-05-17", "customer", 4), (profile.Dates["birthday"], profile.Statements["date:birthday"].Source, profile.Attributes["books_a_year"].Number));

        await shop.Customers.ForgetFactsAsync(new() { CustomerId = "c-gaps", FactIds = { "date:birthday" } });
        await shop.Identity.LinkAsync(new() { FromVisitorId = "v-gaps", CustomerId = "c-gaps" });
        Assert.Empty((await shop.Customers.GetCustomerAsync(new() { CustomerId = "c-gaps" })).Customer.Dates);
    }

    [Theory]
    [InlineData("the customer")]
    [InlineData("the shop")]
    public async Task A_corrected_day_stays_when_the_answer_it_came_from_is_taken_back(string by)
    {
        string id = by.Replace(' ', '-');
        await PublishAsync(Taste(id));
        var session = await Service.StartSessionAsync(new() { QuestionnaireId = id, CustomerId = id });
        await AnswerAsync(session, Born);
        if (by == "the shop") await shop.Customers.UpdateCustomerAsync(new() { CustomerId = id, SetDates = { ["birthday"] = "1985-06-18" } });
        else await shop.Customers.CorrectFactAsync(new() { CustomerId = id, FactId = "date:birthday", Date = "1985-06-18" });
        await AnswerAsync(session, Without("birthday", AnswerKind.Withdrawn));

        Assert.Equal("1985-06-18", (await shop.Customers.GetCustomerAsync(new() { CustomerId = id })).Customer.Dates["birthday"]);
        var fact = Assert.Single((await shop.Customers.GetOwnViewAsync(new() { CustomerId = id })).Facts, fact => fact.FactId == "date:birthday");
        Assert.Equal(by == "the shop" ? "shop" : "customer", fact.Source);
    }

    [Fact]
    public async Task A_day_and_an_attribute_of_one_name_are_filled_and_taken_back_apart()
    {
        await PublishAsync("""
            { "id": "namesakes", "title": "Namesakes", "order": "fixed", "questions": [
              { "id": "day", "kind": "date", "text": "When did you move?", "fills": "moved" }, { "id": "often", "kind": "number", "text": "How often?", "fills": "moved" } ] }
            """);
        var session = await Service.StartSessionAsync(new() { QuestionnaireId = "namesakes", CustomerId = "c-namesakes" });
        await AnswerAsync(session, new() { QuestionId = "day", Value = new() { Date = "2001-02-03" } });
        await AnswerAsync(session, new() { QuestionId = "often", Value = new() { Number = 3 } });
        await AnswerAsync(session, Without("often", AnswerKind.Withdrawn));
        var profile = (await shop.Customers.GetCustomerAsync(new() { CustomerId = "c-namesakes" })).Customer;
        Assert.Equal((1, 0), (profile.Dates.Count, profile.Attributes.Count));
    }

    [Fact]
    public async Task Results_count_a_customer_and_their_devices_as_one_person_of_the_customers_segment()
    {
        await PublishAsync(Survey("devices"));
        for (int i = 0; i < 6; i++)
        {
            await shop.Shop.Store.Customers.UpsertAsync(shop.Shop.Tenant, [Customer($"devices-{i}", "at")], default);
            await shop.Identity.LinkAsync(new() { FromVisitorId = $"device-{i}", CustomerId = $"devices-{i}" });
            await AnswerAsync(await StartAsync("devices", $"device-{i}"), Point("content", 5));
            if (i > 0) await Service.RecordAnswersAsync(new() { Answers = { Recorded("devices", $"devices-{i}", Point("content", 1)) } });
        }
        var result = Assert.Single((await Service.GetResultsAsync(new() { QuestionnaireId = "devices", SegmentAttribute = "country" })).Questions);
        Assert.Equal((6, 5, 1), (result.All.People, result.All.Counts[0].People, result.All.Counts[4].People));
        Assert.Equal(("at", 6), (Assert.Single(result.Groups).Segment, result.Groups[0].People));
    }

    [Fact]
    public async Task What_an_answer_fills_must_be_in_the_profile_schema()
    {
        await using var strict = new PlantedShop();
        await strict.InitializeAsync();
        var service = new QuestionnaireService.QuestionnaireServiceClient(strict.Channel);
        await strict.Customers.DeclareProfileSchemaAsync(new()
        {
            Attributes = { ["books_a_year"] = new ProfileAttribute { Kind = AttributeKind.Text } },
        });
        var saved = await service.SaveDraftAsync(new() { Definition = Struct.Parser.ParseJson(Taste("strict").Replace("\"books_a_year\"", "\"books_year\"")) });
        Assert.Equal("questions[3].fills", Assert.Single(saved.Problems).Path);
        Assert.Contains("\"books_a_year\"", saved.Problems[0].Problem);

        await service.SaveDraftAsync(new() { Definition = Struct.Parser.ParseJson(Taste("strict")) });
        await service.PublishQuestionnaireAsync(new() { QuestionnaireId = "strict" });
        var session = await service.StartSessionAsync(new() { QuestionnaireId = "strict", CustomerId = "c-strict" });
        var refused = await RefusedAsync(() => service.SubmitAnswerAsync(new() { SessionId = session.SessionId, Answer = new() { QuestionId = "a_year", Value = new() { Number = 3 } } }).ResponseAsync);
        Assert.Equal(["answer.value"], refused.Fields);
        Assert.Empty(await strict.Shop.Store.Events.ReadPersonAsync(strict.Shop.Tenant, Person.Customer("c-strict"), default));
    }

    [Fact]
    public async Task Items_that_were_picked_speak_and_are_not_offered_again_and_those_passed_over_may_be()
    {
        await PublishAsync(Taste("picks"));
        var session = await StartAsync("picks", "v-picks");
        await AnswerAsync(session, Picked("genres", "crime"));
        await AnswerAsync(session, Without("genres", AnswerKind.Withdrawn));
        await AnswerAsync(session, Opinions("covers", (Crime(2), Opinion.Likes), (Garden(3), Opinion.Unfamiliar)));

        var answer = await shop.RecommendAsync(new() { VisitorId = "v-picks", Count = 40 });
        Assert.StartsWith("crime-", answer.Items[0].ItemId);
        Assert.Contains(answer.Items[0].Reasons, reason => reason is { Kind: "answer", ItemId: "crime-02", Text: "because you picked The crime book 2" });
        Assert.DoesNotContain(answer.Items, item => item.ItemId == Crime(2));
        Assert.Contains(answer.Items, item => item.ItemId == Garden(3));

        // Not knowing a garden book says a little for the other kind.
        session = await StartAsync("picks", "v-picks-none");
        await AnswerAsync(session, Opinions("covers", (Crime(2), Opinion.Unfamiliar), (Garden(3), Opinion.Unfamiliar)));
        Assert.Equal(ServedBy.Personalised, (await shop.RecommendAsync(new() { VisitorId = "v-picks-none", Count = 4 })).ServedBy);
    }

    [Fact]
    public async Task Items_that_the_service_chooses_are_popular_and_new_to_the_person_and_fit_the_filter()
    {
        await PublishAsync("""
            { "id": "chosen", "title": "Chosen", "questions": [
              { "id": "which", "kind": "items", "text": "Which?", "adaptive": 5, "filter": "item.genre == \"garden\"", "answer": "rate" } ] }
            """);
        await shop.RecordAsync(new Event { EventId = "seen-before", Type = "view", VisitorId = "v-chosen", ItemId = Garden(0) });
        var question = (await StartAsync("chosen", "v-chosen")).Next.Question;

        Assert.Equal((QuestionKind.Items, true, 5), (question.Kind, question.Rated, question.Items.Count));
        Assert.All(question.Items, item => Assert.StartsWith("garden-", item.ItemId));
        Assert.DoesNotContain(question.Items, item => item.ItemId == Garden(0));
        Assert.Equal(5, question.Items.Select(item => item.ItemId).Distinct().Count());
    }

    [Fact]
    public async Task An_onboarding_does_not_ask_again_what_was_answered_before_and_a_survey_does()
    {
        await PublishAsync(Taste("once"));
        var first = await StartAsync("once", "v-once");
        await AnswerAsync(first, Picked("genres", "crime"));
        await Service.EndSessionAsync(new() { SessionId = first.SessionId });
        var second = await StartAsync("once", "v-once");
        Assert.NotEqual(first.SessionId, second.SessionId);
        Assert.Equal(("covers", "genres"), (second.Next.Question.QuestionId, Assert.Single(second.Answers).QuestionId));

        await PublishAsync(Survey("again"));
        var survey = await StartAsync("again", "v-once");
        await AnswerAsync(survey, Point("content", 5));
        Assert.Equal(Finished.NothingLeft, (await Service.GetSessionAsync(new() { SessionId = survey.SessionId })).Next.Finished);
        var next = await StartAsync("again", "v-once");
        Assert.NotEqual(survey.SessionId, next.SessionId);
        Assert.Equal("content", next.Next.Question.QuestionId);
    }

    [Fact]
    public async Task A_session_goes_on_with_its_version_when_a_new_one_deletes_an_option()
    {
        await PublishAsync(Taste("changing"));
        var old = await StartAsync("changing", "v-old");
        await AnswerAsync(old, Picked("genres", "garden"));
        await PublishAsync(Taste("changing").Replace("\"garden\", \"text\"", "\"gardens\", \"text\""), baseVersion: 1);

        Assert.Equal(1, (await StartAsync("changing", "v-old")).Version);
        await AnswerAsync(old, Picked("genres", "crime", "garden"));
        Assert.All((await shop.RecommendAsync(new() { VisitorId = "v-old", Count = 4 })).Items, item => Assert.Contains(item.Reasons, reason => reason.Kind == "answer"));

        var fresh = await StartAsync("changing", "v-new");
        Assert.Equal(2, fresh.Version);
        var refused = await RefusedAsync(() => AnswerAsync(fresh, Picked("genres", "garden")));
        Assert.Equal(["answer.value.option_ids[0]"], refused.Fields);
        Assert.Contains("\"gardens\"", refused.Detail);
    }

    [Fact]
    public async Task Answers_fill_the_profile_of_a_customer_with_where_it_is_from_and_taking_them_back_empties_it()
    {
        await PublishAsync(Taste("filling"));
        var session = await Service.StartSessionAsync(new() { QuestionnaireId = "filling", CustomerId = "c-filling" });
        await AnswerAsync(session, new Answer { QuestionId = "birthday", Value = new() { Date = "1984-05-17" } });
        await AnswerAsync(session, new Answer { QuestionId = "a_year", Value = new() { Number = 12 } });

        var profile = (await shop.Shop.Store.Customers.FindAsync(shop.Shop.Tenant, "c-filling", default))!;
        Assert.Equal(new DateOnly(1984, 5, 17), profile.Dates["birthday"]);
        Assert.Equal(new Recommender.Catalogue.AttributeValue.Number(12), profile.Attributes["books_a_year"]);
        Assert.Equal(("customer", 1.0), (profile.Statements["books_a_year"].Source, profile.Statements["books_a_year"].Confidence));

        await AnswerAsync(session, Without("a_year", AnswerKind.Declined));
        await AnswerAsync(session, Without("birthday", AnswerKind.Withdrawn));
        profile = (await shop.Shop.Store.Customers.FindAsync(shop.Shop.Tenant, "c-filling", default))!;
        Assert.Empty(profile.Dates);
        Assert.Empty(profile.Attributes);
        Assert.Empty(profile.Statements);
    }

    [Fact]
    public async Task Answers_given_elsewhere_are_recorded_with_their_date_and_source_and_once_only()
    {
        await PublishAsync(Taste("paper"));
        var request = new RecordAnswersRequest { Answers = { Recorded("paper", "c-paper", Picked("genres", "garden")), Recorded("paper", "c-paper", new Answer { QuestionId = "a_year", Value = new() { Number = 3 } }) } };
        Assert.Equal([EventStatus.Recorded, EventStatus.Recorded], (await Service.RecordAnswersAsync(request)).Statuses);
        Assert.Equal([EventStatus.Duplicate, EventStatus.Duplicate], (await Service.RecordAnswersAsync(request)).Statuses);

        var events = await EventsOfAsync(Person.Customer("c-paper"));
        Assert.Equal([("staff", request.Answers[0].OccurredAt.ToDateTimeOffset()), ("staff", request.Answers[1].OccurredAt.ToDateTimeOffset())], events.Select(one => (one.Answer!.Source, one.OccurredAt)));
        Assert.All((await shop.RecommendAsync(new() { CustomerId = "c-paper", Count = 4 })).Items, item => Assert.StartsWith("garden-", item.ItemId));
        var profile = (await shop.Shop.Store.Customers.FindAsync(shop.Shop.Tenant, "c-paper", default))!;
        Assert.Equal("staff", profile.Statements["books_a_year"].Source);
    }

    [Fact]
    public async Task What_is_wrong_with_recorded_answers_is_named_and_none_is_recorded()
    {
        await PublishAsync(Taste("careful-paper"));
        var good = Recorded("careful-paper", "c-careful", Picked("genres", "garden"));
        var bad = new[]
        {
            Recorded("careful-papr", "c-careful", Picked("genres", "garden")),
            Recorded("careful-paper", "c-careful", Picked("genres", "gardn")),
            Recorded("careful-paper", "c-careful", new Answer { QuestionId = "birthday", Value = new() { Date = "17.5.1984" } }),
            Recorded("careful-paper", "c-careful", Picked("genre", "garden")),
            Recorded("careful-paper", "", Picked("genres", "garden")),
            Recorded("careful-paper", "c-careful", Picked("genres", "garden")),
            Recorded("careful-paper", "c-careful", Picked("genres", "garden")),
            Recorded("careful-paper", "c-careful", Picked("genres", "garden")),
        };
        bad[5].OccurredAt = null;
        bad[6].OccurredAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(3));
        bad[7].Version = 9;
        var refused = await RefusedAsync(() => Service.RecordAnswersAsync(new() { Answers = { good, bad } }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.Code);
        Assert.Equal(["answers[1].questionnaire_id", "answers[2].answer.value.option_ids[0]", "answers[3].answer.value.date", "answers[4].answer.question_id",
            "answers[5].customer_id", "answers[6].occurred_at", "answers[7].occurred_at", "answers[8].version"], refused.Fields);
        Assert.Empty(await EventsOfAsync(Person.Customer("c-careful")));
    }

    public static TheoryData<string, StatusCode, string, Answer> BadAnswers => new()
    {
        { "an unknown question", StatusCode.InvalidArgument, "answer.question_id", Picked("genre", "crime") },
        { "an unknown option", StatusCode.InvalidArgument, "answer.value.option_ids[0]", Picked("genres", "crim") },
        { "another kind", StatusCode.InvalidArgument, "answer.value", Point("genres", 3) },
        { "two kinds at once", StatusCode.InvalidArgument, "answer.value", new Answer { QuestionId = "genres", Value = new() { OptionIds = { "crime" }, Point = 1 } } },
        { "nothing picked", StatusCode.InvalidArgument, "answer.value.option_ids", Picked("genres") },
        { "no value", StatusCode.InvalidArgument, "answer.value", new Answer { QuestionId = "birthday" } },
        { "out of range", StatusCode.InvalidArgument, "answer.value.number", new Answer { QuestionId = "a_year", Value = new() { Number = 501 } } },
        { "a day to come", StatusCode.InvalidArgument, "answer.value.date", new Answer { QuestionId = "birthday", Value = new() { Date = "2999-01-01" } } },
        { "no day", StatusCode.InvalidArgument, "answer.value.date", new Answer { QuestionId = "birthday", Value = new() { Date = "1984-02-30" } } },
        { "an item that was not shown", StatusCode.InvalidArgument, "answer.value.items[0].item_id", Opinions("covers", (Crime(7), Opinion.Likes)) },
        { "no opinion", StatusCode.InvalidArgument, "answer.value.items[0].opinion", Opinions("covers", (Crime(2), Opinion.Unspecified)) },
        { "an unknown kind", StatusCode.InvalidArgument, "answer.kind", new Answer { QuestionId = "genres", Kind = (AnswerKind)17 } },
        { "a value of a skip", StatusCode.InvalidArgument, "answer.value", new Answer { QuestionId = "genres", Kind = AnswerKind.Skipped, Value = new() { OptionIds = { "crime" } } } },
        { "nothing to take back", StatusCode.FailedPrecondition, "answer.kind", Without("genres", AnswerKind.Withdrawn) },
        { "a condition that does not hold", StatusCode.FailedPrecondition, "answer.question_id", Picked("dark", "noir") },
        { "no answer", StatusCode.InvalidArgument, "answer", null! },
    };

    [Theory]
    [MemberData(nameof(BadAnswers), DisableDiscoveryEnumeration = true)]
    public async Task An_answer_that_cannot_be_taken_is_refused_by_its_field_and_leaves_no_event(string what, StatusCode code, string field, Answer answer)
    {
        string id = "bad-" + what.Replace(' ', '-');
        await PublishAsync(Taste(id));
        var session = await StartAsync(id, $"v-{id}");
        var refused = await RefusedAsync(() => AnswerAsync(session, answer));

        Assert.Equal((code, field), (refused.Code, refused.Fields[0]));
        Assert.Empty(await EventsOfAsync(Person.Visitor($"v-{id}")));
    }

    [Fact]
    public async Task After_the_end_no_answer_is_taken_and_ending_twice_is_no_error()
    {
        await PublishAsync(Taste("ended"));
        var session = await StartAsync("ended", "v-ended");
        await AnswerAsync(session, Picked("genres", "crime"));
        var ended = await Service.EndSessionAsync(new() { SessionId = session.SessionId });
        Assert.Equal((Finished.Asked, null), (ended.Next.Finished, ended.Next.Question));
        Assert.Equal(ended, await Service.EndSessionAsync(new() { SessionId = session.SessionId }));

        Assert.Equal(EventStatus.Duplicate, (await AnswerAsync(session, Picked("genres", "crime"))).Status);
        var refused = await RefusedAsync(() => AnswerAsync(session, Picked("genres", "garden")));
        Assert.Equal((StatusCode.FailedPrecondition, "session_id"), (refused.Code, refused.Fields[0]));
    }

    [Fact]
    public async Task Unknown_questionnaires_versions_sessions_and_people_are_told_apart()
    {
        await PublishAsync(Taste("known"));
        var session = await StartAsync("known", "v-known");

        var questionnaire = await RefusedAsync(() => StartAsync("knwon", "v"));
        Assert.Equal(StatusCode.NotFound, questionnaire.Code);
        Assert.Contains("\"known\"", questionnaire.Detail);
        var version = await RefusedAsync(() => Service.StartSessionAsync(new() { QuestionnaireId = "known", VisitorId = "v", Version = 4 }).ResponseAsync);
        Assert.Equal((StatusCode.NotFound, "version"), (version.Code, version.Fields[0]));
        var draft = await RefusedAsync(() => Service.StartSessionAsync(new() { QuestionnaireId = "known", VisitorId = "v", Version = 0 }).ResponseAsync);
        Assert.Equal((StatusCode.NotFound, "version"), (draft.Code, draft.Fields[0]));
        Assert.Equal("customer_id", (await RefusedAsync(() => Service.StartSessionAsync(new() { QuestionnaireId = "known" }).ResponseAsync)).Fields[0]);
        Assert.Equal(StatusCode.NotFound, (await RefusedAsync(() => Service.GetSessionAsync(new() { SessionId = "nothing" }).ResponseAsync)).Code);

        string slip = session.SessionId[..^1] + (session.SessionId[^1] == '0' ? '1' : '0');
        var unknown = await RefusedAsync(() => Service.SubmitAnswerAsync(new() { SessionId = slip, VisitorId = "v-known", Answer = Picked("genres", "crime") }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, unknown.Code);
        Assert.DoesNotContain(session.SessionId, unknown.Detail);
        var stranger = await RefusedAsync(() => Service.SubmitAnswerAsync(new() { SessionId = session.SessionId, VisitorId = "v-other", Answer = Picked("genres", "crime") }).ResponseAsync);
        Assert.Equal((StatusCode.PermissionDenied, "visitor_id"), (stranger.Code, stranger.Fields[0]));
    }

    [Fact]
    public async Task Results_are_counted_by_segment_and_small_groups_are_withheld_with_enough_others_that_nobody_can_be_told()
    {
        await PublishAsync(Survey("polled"));
        var answers = new List<RecordedAnswer>();
        foreach (var (country, people) in ((string, int)[])[("at", 12), ("de", 7), ("ch", 2), ("", 5)])
        {
            for (int i = 0; i < people; i++)
            {
                string customer = $"polled-{country}-{i}";
                if (country.Length > 0) await shop.Shop.Store.Customers.UpsertAsync(shop.Shop.Tenant, [Customer(customer, country)], default);
                answers.Add(Recorded("polled", customer, Point("content", country == "at" ? 5 : 1 + i % 5)));
            }
        }
        answers.Add(Recorded("polled", "polled-at-0", Point("content", 4), minutes: 5));
        answers.Add(Recorded("polled", "polled-at-1", Without("content", AnswerKind.Declined), minutes: 5));
        answers.Add(Recorded("polled", "polled-at-2", Without("content", AnswerKind.Withdrawn), minutes: 5));
        await Service.RecordAnswersAsync(new() { Answers = { answers } });

        var result = Assert.Single((await Service.GetResultsAsync(new() { QuestionnaireId = "polled", SegmentAttribute = "country" })).Questions);
        Assert.Equal((24, 1), (result.All.People, result.All.Declined));
        Assert.Equal(["1", "2", "3", "4", "5"], result.All.Counts.Select(count => count.Value));
        Assert.Equal(24, result.All.Counts.Sum(count => count.People));
        // Two of "ch" alone could be told from the whole: the next smallest group goes with them.
        Assert.Equal([("at", 10), ("de", 7)], result.Groups.Select(group => (group.Segment, group.People)));
        Assert.Equal(2, result.WithheldGroups);
        Assert.Equal([0, 0, 0, 1, 9], result.Groups[0].Counts.Select(count => count.People));
        Assert.Equal((4.9, 0.975), (result.Groups[0].Mean, result.Groups[0].MeanScore));

        Assert.Null(Assert.Single((await Service.GetResultsAsync(new() { QuestionnaireId = "polled", MinPeople = 30 })).Questions).All);
        Assert.Equal("question_ids[0]", (await RefusedAsync(() => Service.GetResultsAsync(new() { QuestionnaireId = "polled", QuestionIds = { "contend" } }).ResponseAsync)).Fields[0]);
    }

    [Fact]
    public async Task The_same_over_json()
    {
        using var draft = new StringContent(Survey("by-curl"), System.Text.Encoding.UTF8, "application/json");
        Assert.True((await shop.Http.PutAsync("/v1/questionnaires", draft)).IsSuccessStatusCode);
        string session = await PostAsync("/v1/questionnaires/by-curl:publish", "{}", "/v1/questionnaires/by-curl:start", """{"visitor_id":"curl"}""");
        string id = System.Text.Json.Nodes.JsonNode.Parse(session)!["session_id"]!.GetValue<string>();
        string answered = await PostAsync($"/v1/sessions/{id}:answer", """{"answer":{"question_id":"content","value":{"point":3}}}""");
        Assert.Contains("FINISHED_NOTHING_LEFT", answered);

        async Task<string> PostAsync(params string[] calls)
        {
            string text = "";
            for (int i = 0; i < calls.Length; i += 2)
            {
                using var body = new StringContent(calls[i + 1], System.Text.Encoding.UTF8, "application/json");
                using var answer = await shop.Http.PostAsync(calls[i], body);
                text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.IsSuccessStatusCode, text);
            }
            return text;
        }
    }

    private static string Taste(string id) => $$"""
        { "id": "{{id}}", "title": { "en": "Your taste", "de": "Ihr Geschmack" }, "order": "fixed", "questions": [
          { "id": "genres", "kind": "multi", "text": { "en": "What do you like?", "de": "Was mögen Sie?" }, "options": [
            { "id": "crime", "text": { "en": "Crime", "de": "Krimis" }, "means": "item.genre == \"crime\"" },
            { "id": "garden", "text": "Gardens", "means": "item.genre == \"garden\"" } ] },
          { "id": "covers", "kind": "items", "text": "Which of these?", "items": [ "crime-02", "garden-03" ] },
          { "id": "dark", "kind": "single", "text": "How dark?", "when": { "all": [ { "question": "genres", "option": "crime" }, { "question": "covers", "declined": true } ] },
            "options": [ { "id": "cosy", "text": "Cosy" }, { "id": "noir", "text": "Noir" } ] },
          { "id": "a_year", "kind": "number", "text": "How many a year?", "from": 0, "to": 500, "fills": "books_a_year" },
          { "id": "birthday", "kind": "date", "text": "When were you born?", "fills": "birthday" } ] }
        """;

    private static string Survey(string id) => $$"""
        { "id": "{{id}}", "title": "Content?", "purpose": "satisfaction", "questions": [
          { "id": "content", "kind": "scale", "text": "How content are you?", "score": "rising" } ] }
        """;

    private static Answer Picked(string question, params string[] options) => new() { QuestionId = question, Value = new() { OptionIds = { options } } };

    private static Answer Born => new() { QuestionId = "birthday", Value = new() { Date = "1984-05-17" } };

    private static Answer Point(string question, int point) => new() { QuestionId = question, Value = new() { Point = point } };

    private static Answer Without(string question, AnswerKind kind) => new() { QuestionId = question, Kind = kind };

    private static Answer Opinions(string question, params (string Item, Opinion Opinion)[] opinions) =>
        new() { QuestionId = question, Value = new() { Items = { opinions.Select(one => new ItemOpinion { ItemId = one.Item, Opinion = one.Opinion }) } } };

    private static Answer AnswerTo(Question question) => question.Kind switch
    {
        QuestionKind.Single or QuestionKind.Multi => Picked(question.QuestionId, question.Options[0].OptionId),
        QuestionKind.Items => Opinions(question.QuestionId, [.. question.Items.Select((item, i) => (item.ItemId, i == 0 ? Opinion.Likes : Opinion.Unfamiliar))]),
        QuestionKind.Number => new Answer { QuestionId = question.QuestionId, Value = new() { Number = 1 } },
        _ => new Answer { QuestionId = question.QuestionId, Value = new() { Date = "1984-05-17" } },
    };

    private static RecordedAnswer Recorded(string questionnaire, string customer, Answer answer, int minutes = 0) => new()
    {
        CustomerId = customer,
        QuestionnaireId = questionnaire,
        Version = 1,
        Answer = answer,
        OccurredAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 1, 12, minutes, 0, TimeSpan.Zero)),
        Source = "staff",
    };

    private static Recommender.Customers.Customer Customer(string id, string country) => new(id)
    {
        Attributes = System.Collections.Immutable.ImmutableSortedDictionary<string, Recommender.Catalogue.AttributeValue>.Empty.Add("country", new Recommender.Catalogue.AttributeValue.Text(country)),
    };

    private Task<SaveDraftResponse> SaveAsync(string json) => Service.SaveDraftAsync(new() { Definition = Struct.Parser.ParseJson(json) }).ResponseAsync;

    private async Task PublishAsync(string json, int baseVersion = 0)
    {
        var saved = await SaveAsync(json);
        Assert.Empty(saved.Problems);
        await Service.PublishQuestionnaireAsync(new() { QuestionnaireId = saved.Questionnaire.QuestionnaireId, BaseVersion = baseVersion });
    }

    private Task<Session> StartAsync(string questionnaire, string visitor) =>
        Service.StartSessionAsync(new() { QuestionnaireId = questionnaire, VisitorId = visitor }).ResponseAsync;

    private Task<SubmitAnswerResponse> AnswerAsync(Session session, Answer answer) =>
        Service.SubmitAnswerAsync(new() { SessionId = session.SessionId, Answer = answer }).ResponseAsync;

    private async Task<Recommender.Interactions.ShopEvent[]> EventsOfAsync(Person person) =>
        [.. (await shop.Shop.Store.Events.ReadPersonAsync(shop.Shop.Tenant, person, default)).Select(stored => stored.Event)];

    private static async Task<(StatusCode Code, string Detail, string[] Fields)> RefusedAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        return (error.StatusCode, error.Status.Detail, [.. error.GetDetail<Google.Rpc.BadRequest>()?.FieldViolations.Select(violation => violation.Field) ?? []]);
    }
}
