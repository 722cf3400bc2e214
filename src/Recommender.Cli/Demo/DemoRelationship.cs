using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Recommender.Cli.Commands;
using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Demo;

/// <summary>
/// The second chapter: a stranger becomes a customer, is lost and won back, and is not pestered. Told through the same gRPC calls that a
/// shop would make, with a clock that skips.
/// </summary>
internal sealed class DemoRelationship(Screen screen, Bookshop bookshop, ServerAddresses addresses, DemoClock clock)
{
    private const int Shown = 5;
    private const string Visitor = "visitor-clara";
    private const string Customer = "clara";
    private const string Scenario = "home";
    private const int Questions = 4;

    private readonly DemoTable _table = new(screen, bookshop);
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(addresses.Grpc);
    private int _events;

    // What Clara loves and nobody knows yet: two shelves that have little to do with each other.
    private readonly BookshopGenre[] _loved =
        [.. bookshop.Books.GroupBy(book => book.Genre).OrderByDescending(genre => genre.Sum(book => book.Popularity)).Select(genre => genre.Key).Take(2)];

    public async Task TellAsync(CancellationToken cancellation)
    {
        using var channel = _channel;
        await PrepareAsync(cancellation);
        await AnswerAsync(await LookAsync(cancellation), cancellation);
        await SignInAsync(cancellation);
        await BuyAsync(cancellation);
        await WinBackAsync(cancellation);
        await MailAsync(cancellation);
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        var scenarios = new ScenarioService.ScenarioServiceClient(_channel);
        await scenarios.UpsertScenarioAsync(new UpsertScenarioRequest
        {
            Scenario = new Scenario
            {
                ScenarioId = Scenario,
                Stages = { ["dissolution"] = new StageBehaviour { BringBack = { BringBack.LeftInCart, BringBack.NewSinceLastVisit } } },
            },
        }, cancellationToken: cancellation);
        var questionnaires = new QuestionnaireService.QuestionnaireServiceClient(_channel);
        await questionnaires.SaveDraftAsync(new SaveDraftRequest { Definition = Struct.Parser.ParseJson(DemoQuestionnaire.Definition(bookshop)) }, cancellationToken: cancellation);
        await questionnaires.PublishQuestionnaireAsync(new PublishQuestionnaireRequest { QuestionnaireId = DemoQuestionnaire.Id }, cancellationToken: cancellation);
        var fitted = await new RelationshipService.RelationshipServiceClient(_channel).FitLifeCycleAsync(new FitLifeCycleRequest(), cancellationToken: cancellation);
        screen.Line();
        screen.Line($"How the shop's customers come and go, {fitted.Note}.");
    }

    private async Task<RecommendResponse> LookAsync(CancellationToken cancellation)
    {
        var book = bookshop.Books.Where(one => one.Genre == _loved[0]).OrderByDescending(one => one.Popularity).ElementAt(30);
        await RecordAsync("view", book.Item.Id, one => one.VisitorId = Visitor, cancellation);
        screen.Line($"A stranger looks at {DemoTable.Describe(book)}.");
        var first = await RecommendAsync(new RecommendRequest { VisitorId = Visitor }, cancellation);
        _table.Show("What the stranger is shown", first, earlier: null);
        return first;
    }

    private async Task AnswerAsync(RecommendResponse before, CancellationToken cancellation)
    {
        var questionnaires = new QuestionnaireService.QuestionnaireServiceClient(_channel);
        var session = await questionnaires.StartSessionAsync(
            new StartSessionRequest { QuestionnaireId = DemoQuestionnaire.Id, VisitorId = Visitor }, cancellationToken: cancellation);
        for (int asked = 0; asked < Questions && session.Next.Question is { } question; asked++)
        {
            var answer = DemoQuestionnaire.AnswerOf(question, _loved, bookshop);
            session = (await questionnaires.SubmitAnswerAsync(
                new SubmitAnswerRequest { SessionId = session.SessionId, VisitorId = Visitor, Answer = answer }, cancellationToken: cancellation)).Session;
            screen.Line($"Asked \"{question.Text}\" she says: {DemoQuestionnaire.InWords(question, answer, _table)}.");
            var after = await RecommendAsync(new RecommendRequest { VisitorId = Visitor }, cancellation);
            _table.Show($"What she is shown after {asked + 1} {(asked == 0 ? "answer" : "answers")}", after, before);
            before = after;
        }
    }

    private async Task SignInAsync(CancellationToken cancellation)
    {
        var link = new LinkRequest { FromVisitorId = Visitor, CustomerId = Customer, Source = "sign-in" };
        await new IdentityService.IdentityServiceClient(_channel).LinkAsync(link, cancellationToken: cancellation);
        var stranger = await RecommendAsync(new RecommendRequest { VisitorId = Visitor, Preview = true }, cancellation);
        var known = await RecommendAsync(new RecommendRequest { CustomerId = Customer, Preview = true }, cancellation);
        bool same = stranger.Items.Select(item => item.ItemId).SequenceEqual(known.Items.Select(item => item.ItemId));
        screen.Line($"She signs in: the stranger is {Customer}, and {(same ? "is shown the same at once" : "is shown something else")}.");
    }

    private async Task BuyAsync(CancellationToken cancellation)
    {
        // A habit of three weeks, over the web and then in the store, where her card says who she is.
        var books = bookshop.Books.Where(one => one.Genre == _loved[0]).OrderByDescending(one => one.Popularity).Skip(40).Take(5).ToArray();
        foreach (var (book, visit) in books[..4].Select((book, visit) => (book, visit)))
        {
            await RecordAsync("purchase", book.Item.Id, one =>
            {
                (one.CustomerId, one.Channel, one.OrderId) = (Customer, visit < 2 ? "web" : "store", $"clara-{visit}");
                (one.Price, one.Currency) = ((double)book.Price, Bookshop.Currency);
            }, cancellation);
            clock.Skip(TimeSpan.FromDays(21));
        }
        await RecordAsync("cart_add", books[4].Item.Id, one => one.CustomerId = Customer, cancellation);
        var portrait = await new CustomerService.CustomerServiceClient(_channel).GetCustomerAsync(new GetCustomerRequest { CustomerId = Customer }, cancellationToken: cancellation);
        screen.Line($"She buys every three weeks, on the web and in the store, and leaves {DemoTable.Describe(books[4])} in her cart. The shop knows:");
        screen.Line($"  {portrait.OrdersTotal} orders over {string.Join(" and ", portrait.Channels.Where(channel => channel.Events.ContainsKey("purchase")).Select(channel => channel.Channel))},"
            + $" {portrait.Answers.Count} answers, stage {portrait.LifeCycle.Stage}: {portrait.LifeCycle.Reason}");
        screen.Line($"  likes {string.Join(", ", portrait.Tastes.Where(taste => taste.Attribute is "genre" or "subgenre" or "author").Take(4).Select(taste => $"{taste.Value} ({taste.Weight:P0})"))}");
    }

    private async Task WinBackAsync(CancellationToken cancellation)
    {
        clock.Skip(TimeSpan.FromDays(240));
        var newest = bookshop.Books.Where(one => one.Genre == _loved[0]).OrderByDescending(one => one.Published).First();
        var wire = await new CatalogService.CatalogServiceClient(_channel).GetItemAsync(new GetItemRequest { ItemId = newest.Item.Id }, cancellationToken: cancellation);
        wire.ItemId = "just-out";
        wire.Attributes["title"] = new AttributeValue { Text = $"{newest.Item.Title}, the Sequel" };
        await new CatalogService.CatalogServiceClient(_channel).UpsertItemsAsync(new UpsertItemsRequest { Items = { wire } }, cancellationToken: cancellation);
        var answer = await RecommendAsync(new RecommendRequest { CustomerId = Customer, Scenario = Scenario }, cancellation);
        var portrait = await new CustomerService.CustomerServiceClient(_channel).GetCustomerAsync(new GetCustomerRequest { CustomerId = Customer }, cancellationToken: cancellation);
        screen.Line();
        screen.Line($"Eight months later the shop has not seen her again. Stage {portrait.LifeCycle.Stage} since {portrait.LifeCycle.Since.ToDateTime():yyyy-MM-dd}: {portrait.LifeCycle.Reason}");
        _table.Show("What is to win her back", answer, earlier: null);
    }

    private async Task MailAsync(CancellationToken cancellation)
    {
        var contacts = new ContactService.ContactServiceClient(_channel);
        var unasked = await contacts.CheckContactAsync(new CheckContactRequest { CustomerId = Customer, Channel = "mail" }, cancellationToken: cancellation);
        screen.Line($"May the shop write to her? {(unasked.Allowed ? "Yes" : $"No: {unasked.Reason}")}.");
        var customers = new CustomerService.CustomerServiceClient(_channel);
        await customers.SetConsentAsync(new SetConsentRequest { CustomerId = Customer, Purpose = "marketing", Channel = "mail", Granted = true }, cancellationToken: cancellation);
        for (int mail = 1; mail <= 2; mail++)
        {
            var reserved = await contacts.ReserveContactAsync(
                new ReserveContactRequest { ContactId = $"win-back-{mail}", CustomerId = Customer, Channel = "mail", Scenario = Scenario }, cancellationToken: cancellation);
            if (reserved.Contact is not null) await contacts.ConfirmContactAsync(new ConfirmContactRequest { ContactId = $"win-back-{mail}" }, cancellationToken: cancellation);
            screen.Line($"  mail {mail}, now that she has agreed: {(reserved.Pressure.Allowed ? "sent" : $"stay silent, {reserved.Pressure.Reason}")}");
        }
        screen.Line();
    }

    private async Task<RecommendResponse> RecommendAsync(RecommendRequest request, CancellationToken cancellation)
    {
        request.Count = Shown;
        request.PropertyMask = FieldMask.FromString("title");
        return await new RecommendationService.RecommendationServiceClient(_channel).RecommendAsync(request, cancellationToken: cancellation);
    }

    private async Task RecordAsync(string type, string itemId, Action<Event> by, CancellationToken cancellation)
    {
        var happened = new Event { EventId = $"demo-clara-{_events++}", Type = type, ItemId = itemId, Channel = "web" };
        by(happened);
        await new EventService.EventServiceClient(_channel).RecordEventsAsync(new RecordEventsRequest { Events = { happened } }, cancellationToken: cancellation);
    }
}
