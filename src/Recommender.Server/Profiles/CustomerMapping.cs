using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Server.Catalogue;
using Recommender.Server.Errors;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Profiles;

/// <summary>Customers between the protocol and the domain.</summary>
internal static class CustomerMapping
{
    private const string DateFormat = "yyyy-MM-dd";

    public static Customer FromWire(Wire.Customer wire, string path, RequestCheck check)
    {
        check.Id($"{path}.customer_id", wire.CustomerId);
        if (wire.Dates.Count > 0) check.Add($"{path}.dates", "are set by UpdateCustomer");
        if (wire.Consents.Count > 0) check.Add($"{path}.consents", "are set by SetConsent");
        return new Customer(wire.CustomerId) { Attributes = Attributes(wire.Attributes, $"{path}.attributes", check) };
    }

    public static ImmutableSortedDictionary<string, AttributeValue> Attributes(MapField<string, Wire.AttributeValue> wire, string path, RequestCheck check) =>
        wire.ToImmutableSortedDictionary(a => a.Key, a => ItemMapping.FromWire(a.Key, a.Value, $"{path}[\"{a.Key}\"]", check), StringComparer.Ordinal);

    public static Wire.Customer ToWire(Customer customer)
    {
        var wire = new Wire.Customer { CustomerId = customer.Id };
        foreach (var (name, value) in customer.Attributes) wire.Attributes.Add(name, ItemMapping.ToWire(value));
        foreach (var (name, from) in customer.Statements)
            wire.Statements.Add(name, new Wire.Statement { Source = from.Source, At = Timestamp.FromDateTimeOffset(from.At), Confidence = from.Confidence });
        foreach (var (name, date) in customer.Dates) wire.Dates.Add(name, ToText(date));
        wire.Consents.AddRange(customer.Consents.Select(ToWire));
        return wire;
    }

    /// <summary>A day from outside; one in the future is a mistake for what has happened, such as a birthday.</summary>
    public static DateOnly Date(string name, string text, string field, DateOnly today, RequestCheck check)
    {
        if (!DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            check.Add(field, $"is \"{text}\", it must be a day such as 1984-05-17");
        else if (name == CustomerDates.Birthday && date > today) check.Add(field, $"is {text}, which is in the future");
        return date;
    }

    public static string ToText(DateOnly date) => date.ToString(DateFormat, CultureInfo.InvariantCulture);

    public static ProfileSchema FromWire(Wire.ProfileSchema wire, RequestCheck check)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, ProfileAttribute>(StringComparer.Ordinal);
        foreach (var (name, declared) in wire.Attributes)
        {
            string field = $"attributes[\"{name}\"]";
            if (!ItemMapping.IsName(name)) check.Add(field, "must be named with letters, digits and underscores, not beginning with a digit, 64 at most");
            if (declared.Kind == Wire.AttributeKind.Unspecified || !System.Enum.IsDefined(declared.Kind)) check.Add($"{field}.kind", "is missing; give text, number, flag, time or texts");
            if (declared.AllowedValues.Count > 0 && declared.Kind is not (Wire.AttributeKind.Text or Wire.AttributeKind.Texts))
                check.Add($"{field}.allowed_values", "belong to texts only");
            attributes[name] = new ProfileAttribute((AttributeKind)(declared.Kind - 1), declared.Description, [.. declared.AllowedValues]);
        }
        return new ProfileSchema(attributes.ToImmutable());
    }

    public static Wire.ProfileSchema ToWire(ProfileSchema schema)
    {
        var wire = new Wire.ProfileSchema();
        foreach (var (name, declared) in schema.Attributes)
        {
            wire.Attributes.Add(name, new Wire.ProfileAttribute
            {
                Kind = (Wire.AttributeKind)declared.Kind + 1,
                Description = declared.Description,
                AllowedValues = { declared.AllowedValues },
            });
        }
        return wire;
    }

    private static Wire.Consent ToWire(Consent consent) => new()
    {
        Purpose = consent.Purpose,
        Channel = consent.Channel,
        Granted = consent.Granted,
        At = Timestamp.FromDateTimeOffset(consent.At),
        Source = consent.Source,
    };
}
