using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Storage;
using Consent = Recommender.Customers.Consent;
using Domain = Recommender.Customers.Customer;
using Statement = Recommender.Customers.Statement;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Profiles;

internal sealed class CustomerEndpoint(Shop shop, TimeProvider time) : CustomerService.CustomerServiceBase
{
    private const int MostCustomers = 1000;
    private const int DefaultPage = 100;
    private const string ByShop = "shop";
    private const string ByCustomer = "customer";

    public override async Task<UpsertCustomersResponse> UpsertCustomers(UpsertCustomersRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        if (request.Customers.Count > MostCustomers) check.Add("customers", $"has {request.Customers.Count} entries, at most {MostCustomers} are allowed in one call");
        check.ThrowIfAny();
        var customers = request.Customers.Select((wire, i) => CustomerMapping.FromWire(wire, $"customers[{i}]", check)).ToArray();
        if (customers.GroupBy(customer => customer.Id, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            check.Add("customers", $"has {twice.Key} twice; send a customer once a call");
        check.ThrowIfAny();
        await shop.Profiles.UpsertAsync(customers, context.CancellationToken);
        return new UpsertCustomersResponse { Written = customers.Length };
    }

    public override async Task<Wire.Customer> UpdateCustomer(UpdateCustomerRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Id("customer_id", request.CustomerId);
        var attributes = CustomerMapping.Attributes(request.SetAttributes, "set_attributes", check);
        var dates = request.SetDates.ToDictionary(date => date.Key, date => CustomerMapping.Date(date.Key, date.Value, $"set_dates[\"{date.Key}\"]", Today, check), StringComparer.Ordinal);
        foreach (string name in request.SetDates.Keys) check.Id("set_dates", name);
        double confidence = request.HasConfidence ? request.Confidence : 1;
        if (!(confidence is >= 0 and <= 1)) check.Add("confidence", $"is {confidence}, it must be 0 to 1");
        check.ThrowIfAny();
        var statement = new Statement(request.Source.Length > 0 ? request.Source : ByShop, time.GetUtcNow(), confidence);
        return CustomerMapping.ToWire(await shop.Profiles.ChangeAsync(request.CustomerId, customer => customer with
        {
            Attributes = customer.Attributes.SetItems(attributes).RemoveRange(request.RemoveAttributes),
            Statements = customer.Statements
                .SetItems(attributes.Keys.Concat(dates.Keys.Select(Domain.StatementOfDate)).Select(key => KeyValuePair.Create(key, statement)))
                .RemoveRange(request.RemoveAttributes.Concat(request.RemoveDates.Select(Domain.StatementOfDate))),
            Dates = customer.Dates.SetItems(dates).RemoveRange(request.RemoveDates),
        }, context.CancellationToken));
    }

    public override async Task<Wire.Customer> SetConsent(SetConsentRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Id("customer_id", request.CustomerId);
        check.Id("purpose", request.Purpose);
        check.Id("channel", request.Channel);
        check.ThrowIfAny();
        var decision = new Consent(request.Purpose, request.Channel, request.Granted, time.GetUtcNow(), request.Source.Length > 0 ? request.Source : ByCustomer);
        // Saying the same again is no new decision.
        return CustomerMapping.ToWire(await shop.Profiles.ChangeAsync(request.CustomerId, customer =>
            customer.Agrees(decision.Purpose, decision.Channel) == decision.Granted ? customer : customer with { Consents = customer.Consents.Add(decision) }, context.CancellationToken));
    }

    public override async Task<CustomerPortrait> GetCustomer(GetCustomerRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Id("customer_id", request.CustomerId);
        int most = check.Number("most_recent", request.HasMostRecent ? request.MostRecent : null, 0, 1000, otherwise: 20);
        check.ThrowIfAny();
        shop.Erased.ThrowIfErased(Person.Customer(request.CustomerId));
        return await shop.Portraits.OfAsync(request.CustomerId, most, context.CancellationToken)
            ?? throw new RefusedException(StatusCode.NotFound, $"nothing is known of customer \"{request.CustomerId}\": no profile, no event, no link");
    }

    public override async Task<ListCustomersResponse> ListCustomers(ListCustomersRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        int size = check.Number("page_size", request.HasPageSize ? request.PageSize : null, 1, MostCustomers, DefaultPage);
        if (!PageToken.TryReadAfter(request.PageToken, out string? after)) check.Add("page_token", "was not given by this server; leave it out to begin");
        check.ThrowIfAny();
        var page = await shop.CustomerSearch.FindAsync(request.Filter, request.Search, after, size, context.CancellationToken);
        return new ListCustomersResponse
        {
            Customers = { page.Customers.Select(CustomerMapping.ToWire) },
            NextPageToken = page.NextAfter is { } next ? PageToken.After(next) : "",
            TotalSize = await shop.Store.Customers.CountAsync(shop.Tenant, context.CancellationToken),
        };
    }

    public override async Task<Wire.ProfileSchema> DeclareProfileSchema(Wire.ProfileSchema request, ServerCallContext context)
    {
        var check = new RequestCheck();
        var schema = CustomerMapping.FromWire(request, check);
        check.ThrowIfAny();
        return CustomerMapping.ToWire(await shop.Profiles.DeclareAsync(schema, context.CancellationToken));
    }

    public override Task<Wire.ProfileSchema> GetProfileSchema(GetProfileSchemaRequest request, ServerCallContext context) =>
        Task.FromResult(CustomerMapping.ToWire(shop.Profiles.Schema));

    public override async Task<Wire.OwnView> GetOwnView(GetOwnViewRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Id("customer_id", request.CustomerId);
        if (!PageToken.TryReadAfter(request.PageToken, out string? after)) check.Add("page_token", "was not given by this server; leave it out to begin");
        check.ThrowIfAny();
        return await shop.OwnViews.OfAsync(request.CustomerId, after, context.CancellationToken);
    }

    public override async Task<Wire.OwnView> CorrectFact(CorrectFactRequest request, ServerCallContext context)
    {
        await shop.OwnViews.CorrectAsync(request, Today, context.CancellationToken);
        return await shop.OwnViews.OfAsync(request.CustomerId, null, context.CancellationToken);
    }

    public override async Task<Wire.OwnView> ForgetFacts(ForgetFactsRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Id("customer_id", request.CustomerId);
        if (request.FactIds.Count is 0 or > MostCustomers) check.Add("fact_ids", $"has {request.FactIds.Count} entries, 1 to {MostCustomers} are allowed");
        check.ThrowIfAny();
        await shop.OwnViews.ForgetAsync(request.CustomerId, request.FactIds, context.CancellationToken);
        return await shop.OwnViews.OfAsync(request.CustomerId, null, context.CancellationToken);
    }

    public override async Task<ExportCustomerResponse> ExportCustomer(ExportCustomerRequest request, ServerCallContext context)
    {
        shop.Erased.ThrowIfErased(Person.Customer(request.CustomerId));
        return new ExportCustomerResponse { Json = await shop.Portraits.ExportAsync(request.CustomerId, context.CancellationToken) };
    }

    public override async Task<ErasureReceipt> EraseCustomer(EraseCustomerRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Id("customer_id", request.CustomerId);
        check.ThrowIfAny();
        return await ToWireAsync(await shop.Forgetting.CustomerAsync(request.CustomerId, context.CancellationToken), context.CancellationToken);
    }

    public override async Task<ErasureReceipt> GetErasureReceipt(GetErasureReceiptRequest request, ServerCallContext context) =>
        await ToWireAsync(await shop.Store.Erasures.FindAsync(shop.Tenant, request.ReceiptId, context.CancellationToken)
            ?? throw new RefusedException(StatusCode.NotFound, $"there is no receipt \"{request.ReceiptId}\""), context.CancellationToken);

    public override async Task<ReadmitCustomerResponse> ReadmitCustomer(ReadmitCustomerRequest request, ServerCallContext context)
    {
        if (!await shop.Store.Erasures.ReadmitAsync(shop.Tenant, Person.Customer(request.CustomerId), context.CancellationToken))
            throw new RefusedException(StatusCode.NotFound, $"customer \"{request.CustomerId}\" was not erased");
        await shop.Erased.LoadAsync(CancellationToken.None);
        return new ReadmitCustomerResponse();
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>What a training has read counts, not when it ended. Where a card does not say when it began to read, only its end is certain.</summary>
    private static bool MayHold(ModelVersion version, DateTimeOffset erasedAt)
    {
        try { return ModelCard.Parse(Encoding.UTF8.GetBytes(version.Card)).ReadFrom is not { } readFrom || readFrom <= erasedAt; }
        // A card of another version: better named once too often.
        catch (InvalidModelException) { return true; }
    }

    /// <summary>Models hold the keys of the rows they were trained with: the receipt says in which that may be.</summary>
    private async Task<ErasureReceipt> ToWireAsync(Erasure erasure, CancellationToken cancellation)
    {
        var readBefore = (await shop.Models.ListAsync(cancellation)).Where(version => MayHold(version, erasure.At));
        var wire = new ErasureReceipt { ReceiptId = erasure.ReceiptId, At = Timestamp.FromDateTimeOffset(erasure.At), ModelIds = { readBefore.Select(version => version.Id) } };
        foreach (var (kind, count) in erasure.Deleted) wire.Deleted.Add(kind, count);
        return wire;
    }
}
