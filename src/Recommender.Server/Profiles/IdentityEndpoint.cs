using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Serving;
using IdentityLink = Recommender.Customers.IdentityLink;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Profiles;

internal sealed class IdentityEndpoint(Shop shop, TimeProvider time) : IdentityService.IdentityServiceBase
{
    private const int PreviewLength = 10;

    public override async Task<LinkResponse> Link(LinkRequest request, ServerCallContext context)
    {
        var (from, since) = Read(request);
        var outcome = await shop.Linking.LinkAsync(from, request.CustomerId, since, request.Source, context.CancellationToken);
        return new LinkResponse
        {
            Link = ToWire(outcome.Link),
            BelongsToCustomerId = outcome.BelongsTo,
            SharedWithCustomerIds = { outcome.SharedWith },
            Notes = { outcome.Notes },
        };
    }

    public override async Task<UnlinkResponse> Unlink(UnlinkRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        var from = request.FromCase == UnlinkRequest.FromOneofCase.FromCustomerId ? Person.Customer(request.FromCustomerId) : Person.Visitor(request.FromVisitorId);
        check.Id(from.Kind == PersonKind.Customer ? "from_customer_id" : "from_visitor_id", from.Id);
        check.Id("customer_id", request.CustomerId);
        check.ThrowIfAny();
        return new UnlinkResponse { Ended = { (await shop.Linking.UnlinkAsync(from, request.CustomerId, context.CancellationToken)).Select(ToWire) } };
    }

    public override async Task<PreviewLinkResponse> PreviewLink(LinkRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var (from, since) = Read(request);
        var link = new IdentityLink("preview", from, request.CustomerId, since ?? time.GetUtcNow(), request.Source);
        if (await shop.Linking.ProblemAsync(from, request.CustomerId, link.Since, cancellation) is { } problem) return new PreviewLinkResponse { Refused = problem.Message };

        var outcome = await shop.Linking.DescribeAsync(link, cancellation);
        var customer = Person.Customer(request.CustomerId);
        var present = await shop.Identities.CircleLinksAsync(customer, cancellation);
        var joining = await shop.Identities.CircleLinksAsync(from, cancellation);
        var nowMap = new IdentityMap([.. present, .. joining]);
        var thenMap = new IdentityMap([.. present, .. joining, link]);
        var root = thenMap.OwnerOf(customer, link.Since);
        var before = await shop.Circles.OfAsync(new Circle(root, nowMap.CircleOf(root), nowMap), cancellation);
        var after = await shop.Circles.OfAsync(new Circle(root, thenMap.CircleOf(root), thenMap), cancellation);
        var known = before.Select(happened => happened.EventId).ToHashSet(StringComparer.Ordinal);
        var gained = after.Where(happened => !known.Contains(happened.EventId)).ToArray();
        var response = new PreviewLinkResponse
        {
            EventsGained = gained.Length,
            EventsLostByOthers = gained.Count(happened => nowMap.OwnerOf(happened.Person, happened.OccurredAt) is { Kind: PersonKind.Customer } owner && owner != root),
            SharedWithCustomerIds = { outcome.SharedWith },
            Notes = { outcome.Notes },
        };
        response.Before.AddRange(await ListAsync(before, cancellation));
        response.After.AddRange(await ListAsync(after, cancellation));
        return response;
    }

    public override async Task<Identity> GetIdentity(GetIdentityRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        var person = request.PersonCase == GetIdentityRequest.PersonOneofCase.VisitorId ? Person.Visitor(request.VisitorId) : Person.Customer(request.CustomerId);
        check.Id(person.Kind == PersonKind.Customer ? "customer_id" : "visitor_id", person.Id);
        check.ThrowIfAny();
        var circle = await shop.Identities.OfAsync(person, context.CancellationToken);
        var own = await shop.Identities.LinksOfAsync(person, context.CancellationToken);
        return new Identity
        {
            BelongsToCustomerId = circle.Root.Kind == PersonKind.Customer ? circle.Root.Id : "",
            CustomerIds = { circle.People.Where(one => one.Kind == PersonKind.Customer).Select(one => one.Id) },
            VisitorIds = { circle.People.Where(one => one.Kind == PersonKind.Visitor).Select(one => one.Id) },
            Links = { own.From.Concat(own.To).OrderBy(link => link.Id, StringComparer.Ordinal).Select(ToWire) },
        };
    }

    private async Task<IEnumerable<RecommendedItem>> ListAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellation)
    {
        var answer = await shop.Recommending.AnswerForAsync(new RecommendQuery { Count = PreviewLength, Preview = true }, events, cancellation);
        var texts = new ReasonTexts(answer.Shelves, shop.Questionnaires.Meanings);
        return answer.Served.Items.Select(item => RecommendationMapping.ToWire(item, texts, properties: null, mostReasons: 1));
    }

    private static (Person From, DateTimeOffset? Since) Read(LinkRequest request)
    {
        var check = new RequestCheck();
        var from = request.FromCase == LinkRequest.FromOneofCase.FromCustomerId ? Person.Customer(request.FromCustomerId) : Person.Visitor(request.FromVisitorId);
        check.Id(from.Kind == PersonKind.Customer ? "from_customer_id" : "from_visitor_id", from.Id);
        check.Id("customer_id", request.CustomerId);
        if (request.Source.Length > 0) check.Id("source", request.Source);
        DateTimeOffset? since = request.Since is null ? null : WireTime.Read(request.Since, "since", check);
        check.ThrowIfAny();
        return (from, since);
    }

    private static Wire.IdentityLink ToWire(IdentityLink link)
    {
        var wire = new Wire.IdentityLink { LinkId = link.Id, CustomerId = link.CustomerId, Since = Timestamp.FromDateTimeOffset(link.Since), Source = link.Source };
        if (link.From.Kind == PersonKind.Customer) wire.FromCustomerId = link.From.Id;
        else wire.FromVisitorId = link.From.Id;
        if (link.EndedAt is { } ended) wire.EndedAt = Timestamp.FromDateTimeOffset(ended);
        return wire;
    }
}
