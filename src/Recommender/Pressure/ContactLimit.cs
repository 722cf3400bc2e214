using System.Collections.Immutable;

namespace Recommender.Pressure;

/// <summary>At most so many contacts on these channels after a moment, counted over everybody the person is linked with.</summary>
/// <param name="Name">What the limit is called when it says no: "2 mails in 7 days".</param>
/// <param name="Channels">None: all channels together, but the site.</param>
public sealed record ContactLimit(string Name, ImmutableArray<string> Channels, DateTimeOffset Since, int Most)
{
    public bool Covers(string channel) => Channels.IsEmpty ? channel != ContactPolicy.Web : Channels.Contains(channel);
}
