using System.Globalization;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Models;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Profiles;
using Recommender.Storage;
using RelationshipOptions = Recommender.Relationship.RelationshipOptions;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Relationships;

internal sealed class RelationshipEndpoint(Shop shop, TimeProvider time, IHostApplicationLifetime lifetime) : RelationshipService.RelationshipServiceBase
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;
    private readonly Briefings _briefings = new(shop);
    private readonly OccasionSearch _occasions = new(shop);

    public override async Task<Wire.LifeCycle> GetLifeCycle(GetLifeCycleRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        int days = check.Number("days", request.HasDays ? request.Days : null, 1, 3650, otherwise: CustomerSummary.DaysAhead);
        var circle = await CircleAsync(request.CustomerId, check, context.CancellationToken);
        return RelationshipMapping.ToWire(circle.Root.Id, await shop.Relationships.WorkOutAsync(circle, context.CancellationToken), days, shop.Relationships.Rules);
    }

    public override async Task<CustomerIndicators> GetIndicators(GetIndicatorsRequest request, ServerCallContext context)
    {
        var view = await shop.Relationships.OfAsync(await CircleAsync(request.CustomerId, new RequestCheck(), context.CancellationToken), context.CancellationToken);
        return new CustomerIndicators { Satisfaction = RelationshipMapping.ToWire(view?.Satisfaction), Intensity = RelationshipMapping.ToWire(view?.Intensity) };
    }

    public override async Task<CustomerBriefing> GetBriefing(GetBriefingRequest request, ServerCallContext context)
    {
        var circle = await CircleAsync(request.CustomerId, new RequestCheck(), context.CancellationToken);
        return await _briefings.OfAsync(circle, context.CancellationToken) is var (briefing, decision, view)
            ? RelationshipMapping.ToWire(briefing, decision, view)
            : throw new RefusedException(StatusCode.NotFound, $"nothing is known of {circle.Root}");
    }

    public override async Task<ListStagesResponse> ListStages(ListStagesRequest request, ServerCallContext context)
    {
        await shop.Kept.SettleAsync(context.CancellationToken);
        var counts = await shop.Store.LifeCycle.CountAsync(shop.Tenant, context.CancellationToken);
        return new ListStagesResponse
        {
            Stages =
            {
                StageNames.All.Select(name => new StageCount { Stage = name, Definition = StageDefinitions.Of(StageNames.Parse(name)), Customers = counts.GetValueOrDefault(name) }),
            },
        };
    }

    public override async Task<ListStageCustomersResponse> ListStageCustomers(ListStageCustomersRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        int size = check.Number("page_size", request.HasPageSize ? request.PageSize : null, 1, LargestPage, otherwise: DefaultPage);
        var place = Place(request.PageToken, check);
        check.ThrowIfAny();
        string stage = StageNames.Of(StageNames.Parse(request.Stage));
        await shop.Kept.SettleAsync(context.CancellationToken);
        var page = await shop.Store.LifeCycle.ListStageAsync(shop.Tenant, stage, place, size, context.CancellationToken);
        return new ListStageCustomersResponse
        {
            Customers = { page.Select(RelationshipMapping.ToWire) },
            NextPageToken = page.Count == size ? PageToken.After(string.Create(CultureInfo.InvariantCulture, $"{page[^1].Worth:R}:{page[^1].CustomerId}")) : "",
        };
    }

    public override async Task<LifeCycleModel> FitLifeCycle(FitLifeCycleRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        if (request.Unit is not ("" or "week" or "day")) check.Add("unit", $"is \"{request.Unit}\", it must be week or day");
        check.ThrowIfAny();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        return RelationshipMapping.ToWire(await shop.Fitting.RunAsync(request.Unit == "day" ? TimeUnit.Day : TimeUnit.Week, stopping.Token));
    }

    public override async Task RunPass(RunPassRequest request, IServerStreamWriter<PassProgress> responseStream, ServerCallContext context)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        // Only the newest step matters to a reader who is slow.
        var steps = Channel.CreateBounded<PassStep>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var pass = PassAsync(request.Full, steps.Writer, stopping.Token);
        try
        {
            await foreach (var step in steps.Reader.ReadAllAsync(stopping.Token))
                await responseStream.WriteAsync(new PassProgress { Stage = step.Stage, Fraction = step.Fraction, Customers = step.Customers }, stopping.Token);
        }
        catch
        {
            // A reader who is gone must not leave the pass behind.
            await stopping.CancelAsync();
            await ((Task)pass).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        var outcome = await pass;
        var done = new PassProgress { Stage = "done", Fraction = 1, Customers = outcome.Customers, Done = true, Everybody = outcome.Everybody };
        if (outcome.KeyAccounts is { } accounts) done.KeyAccounts = accounts;
        await responseStream.WriteAsync(done, stopping.Token);
    }

    public override async Task<ListOccasionsResponse> ListOccasions(ListOccasionsRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        int within = check.Number("within_days", request.HasWithinDays ? request.WithinDays : null, 0, Relationship.Occasions.LongestLead, otherwise: shop.Relationships.Rules.Options.LeadDays);
        int size = check.Number("page_size", request.HasPageSize ? request.PageSize : null, 1, LargestPage, otherwise: DefaultPage);
        foreach (string kind in request.Kinds.Where(kind => RelationshipMapping.KindOf(kind) is null))
            check.Add("kinds", $"has \"{kind}\"{NearestName.Hint(kind, RelationshipMapping.OccasionKinds)} Kinds are {string.Join(", ", RelationshipMapping.OccasionKinds)}");
        if (!PageToken.TryReadAfter(request.PageToken, out string? after)) check.Add("page_token", "is no token of this service; leave it out to begin");
        check.ThrowIfAny();
        await shop.Kept.SettleAsync(context.CancellationToken);
        var kinds = (request.Kinds.Count > 0 ? request.Kinds : RelationshipMapping.OccasionKinds).Select(kind => RelationshipMapping.KindOf(kind)!.Value).ToHashSet();
        var (found, last) = await _occasions.AfterAsync(after, size, within, kinds, context.CancellationToken);
        return new ListOccasionsResponse
        {
            Occasions = { found.Select(one => new CustomerOccasion { CustomerId = one.CustomerId, Occasion = RelationshipMapping.ToWire(one.Occasion) }) },
            NextPageToken = last is null ? "" : PageToken.After(last),
        };
    }

    public override async Task<ListKeyAccountsResponse> ListKeyAccounts(ListKeyAccountsRequest request, ServerCallContext context)
    {
        var options = shop.Relationships.Rules.Options;
        var check = new RequestCheck();
        int days = check.Number("days", request.HasDays ? request.Days : null, 1, RelationshipOptions.LongestMargin, otherwise: options.KeyAccountDays);
        double share = request.HasShare ? request.Share : options.KeyAccountShare;
        if (!(share is > 0 and <= 1)) check.Add("share", $"is {share.ToString(CultureInfo.InvariantCulture)}, it must be above 0 and at most 1");
        check.ThrowIfAny();
        await shop.Kept.SettleAsync(context.CancellationToken);
        var (accounts, currency) = await KeyAccountFinding.OfAsync(shop, time, share, days, request.Currency.Length > 0 ? request.Currency : options.Currency, context.CancellationToken);
        return new ListKeyAccountsResponse
        {
            Accounts = { accounts.Accounts.Select(account => new KeyAccount { CustomerId = account.CustomerId, Margin = (double)account.Margin }) },
            TotalMargin = (double)accounts.TotalMargin,
            CoveredMargin = (double)accounts.CoveredMargin,
            Currency = currency,
        };
    }

    public override async Task<ListReviewsResponse> ListReviews(ListReviewsRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Id("item_id", request.ItemId);
        int size = check.Number("page_size", request.HasPageSize ? request.PageSize : null, 1, LargestPage, otherwise: DefaultPage);
        long before = long.MaxValue;
        if (!PageToken.TryReadAfter(request.PageToken, out string? after) || (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out before)))
            check.Add("page_token", "is no token of this service; leave it out to begin");
        check.ThrowIfAny();
        var reviews = await shop.Reviews.OfAsync(request.ItemId, context.CancellationToken);
        ReviewEntry[] page = [.. reviews.Where(review => review.Position < before).Take(size)];
        var stars = reviews.Where(review => review.Stars is not null).DistinctBy(review => review.Person).Select(review => review.Stars!.Value).ToArray();
        var response = new ListReviewsResponse
        {
            NextPageToken = page.Length == size ? PageToken.After(page[^1].Position.ToString(CultureInfo.InvariantCulture)) : "",
            MeanStars = stars.Length > 0 ? stars.Average() : 0,
            Stars = { Enumerable.Range(0, 6).Select(count => stars.LongCount(one => (int)Math.Floor(one + 0.5) == count)) },
            ReviewsTotal = reviews.Count,
            TextsTotal = reviews.Count(review => review.HasText),
        };
        foreach (var review in page)
        {
            var wire = new Review { EventId = review.EventId, ItemId = request.ItemId, Text = await shop.Reviews.TextOfAsync(review, context.CancellationToken), At = Timestamp.FromDateTimeOffset(review.At) };
            if (review.Stars is { } given) wire.Rating = given;
            response.Reviews.Add(wire);
        }
        return response;
    }

    public override async Task<Wire.RelationshipOptions> SetRelationshipOptions(Wire.RelationshipOptions request, ServerCallContext context)
    {
        RelationshipOptions options;
        try { options = RelationshipOptions.Parse(request.OptionsJson.Length > 0 ? request.OptionsJson : "{}"); }
        catch (InvalidRecipeException problem)
        {
            throw new RefusedException(StatusCode.InvalidArgument, $"options_json: {problem.Message}", [new("options_json", problem.Message)]);
        }
        await shop.RelationshipSettings.SetAsync(options, context.CancellationToken);
        return new Wire.RelationshipOptions { OptionsJson = options.ToJson() };
    }

    public override Task<Wire.RelationshipOptions> GetRelationshipOptions(GetRelationshipOptionsRequest request, ServerCallContext context) =>
        Task.FromResult(new Wire.RelationshipOptions { OptionsJson = shop.Relationships.Rules.Options.ToJson() });

    private async Task<Circle> CircleAsync(string customerId, RequestCheck check, CancellationToken cancellation)
    {
        check.Id("customer_id", customerId);
        check.ThrowIfAny();
        var person = Person.Customer(customerId);
        shop.Erased.ThrowIfErased(person);
        return await shop.Identities.OfAsync(person, cancellation);
    }

    private static WorthPlace? Place(string token, RequestCheck check)
    {
        if (PageToken.TryReadAfter(token, out string? after))
        {
            if (after is null) return null;
            if (after.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && double.TryParse(after.AsSpan(0, colon), NumberStyles.Float, CultureInfo.InvariantCulture, out double worth))
                return new WorthPlace(worth, after[(colon + 1)..]);
        }
        check.Add("page_token", "is no token of this service; leave it out to begin");
        return null;
    }

    private async Task<PassOutcome> PassAsync(bool full, ChannelWriter<PassStep> steps, CancellationToken cancellation)
    {
        try { return await shop.Pass.RunAsync(full, new ChannelProgress(steps), cancellation); }
        finally { steps.Complete(); }
    }

    private sealed class ChannelProgress(ChannelWriter<PassStep> steps) : IProgress<PassStep>
    {
        public void Report(PassStep value) => steps.TryWrite(value);
    }
}
