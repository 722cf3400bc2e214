using System.Text;

namespace Grpc.Core;

/// <summary>Who the transport says the peer is: the names in its client certificate.</summary>
public class AuthContext(string? peerIdentityPropertyName, Dictionary<string, List<AuthProperty>> properties)
{
    public bool IsPeerAuthenticated => PeerIdentityPropertyName is not null;
    public string? PeerIdentityPropertyName { get; } = peerIdentityPropertyName;
    public IEnumerable<AuthProperty> PeerIdentity => PeerIdentityPropertyName is null ? [] : FindPropertiesByName(PeerIdentityPropertyName);
    public IEnumerable<AuthProperty> Properties => properties.Values.SelectMany(property => property);

    public IEnumerable<AuthProperty> FindPropertiesByName(string propertyName) =>
        properties.TryGetValue(propertyName, out var found) ? found : [];
}

public class AuthProperty
{
    private readonly byte[] _value;

    private AuthProperty(string name, byte[] value) => (Name, _value) = (name, value);

    public string Name { get; }
    public string Value => Encoding.UTF8.GetString(_value);
    public byte[] ValueBytes => (byte[])_value.Clone();

    public static AuthProperty Create(string name, byte[] valueBytes) => new(name, (byte[])valueBytes.Clone());
}
