using System.Collections.Immutable;
using System.Globalization;
using Recommender.Pressure;

namespace Recommender.Server.Serving;

/// <summary>How far a batch has come: everybody up to an id, in the order of ids, and what became of them.</summary>
/// <param name="After">The last id that is done; null before the first.</param>
/// <param name="Silent">How many of those done are not to be addressed, by cause.</param>
internal sealed record BatchMark(string? After, long Done, ImmutableSortedDictionary<SilenceCause, long> Silent)
{
    public static BatchMark Start { get; } = new(null, 0, ImmutableSortedDictionary<SilenceCause, long>.Empty);

    public BatchMark Past(string id, SilenceCause cause) => new(id, Done + 1,
        cause == SilenceCause.None ? Silent : Silent.SetItem(cause, Silent.GetValueOrDefault(cause) + 1));

    /// <summary>For whoever goes on with the same query.</summary>
    public string ToToken(uint fingerprint)
    {
        string silent = string.Join(',', Silent.Select(one => string.Create(CultureInfo.InvariantCulture, $"{(int)one.Key}={one.Value}")));
        // The id comes last: it may hold anything.
        return PageToken.Batch(string.Create(CultureInfo.InvariantCulture, $"{fingerprint:x8}:{Done}:{silent}:{After}"));
    }

    /// <summary>False if it is no token or that of another query; an empty one is the start.</summary>
    public static bool TryRead(string token, uint fingerprint, out BatchMark mark)
    {
        mark = Start;
        if (token.Length == 0) return true;
        if (!PageToken.TryReadBatch(token, out string? text) || text!.Split(':', 4) is not [var print, var done, var silent, var after]) return false;
        if (!uint.TryParse(print, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint given) || given != fingerprint) return false;
        if (!long.TryParse(done, NumberStyles.None, CultureInfo.InvariantCulture, out long people)) return false;
        var counts = ImmutableSortedDictionary.CreateBuilder<SilenceCause, long>();
        foreach (string one in silent.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (one.Split('=') is not [var cause, var count] || !int.TryParse(cause, NumberStyles.None, CultureInfo.InvariantCulture, out int known)
                || !long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return false;
            // Of a token that was made up: causes there are not, or one twice.
            if ((SilenceCause)known == SilenceCause.None || !Enum.IsDefined((SilenceCause)known) || !counts.TryAdd((SilenceCause)known, number)) return false;
        }
        mark = new BatchMark(after.Length > 0 ? after : null, people, counts.ToImmutable());
        return true;
    }
}
