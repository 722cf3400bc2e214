using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Recommender.Catalogue;

namespace Recommender.Storage;

/// <summary>
/// The names and values of attributes that came up more than once, so that a brand of ten thousand items is read, and kept in memory, once. Bounded: a slot
/// belongs to the last of several that fall into it. For any number of threads: what a slot holds is replaced whole.
/// </summary>
internal sealed class AttributeCache
{
    // A price, a brand, a short list of tags; what is longer is seldom the same twice.
    private const int Longest = 96;
    private const int Slots = 1 << 14;

    private readonly Slot?[] _slots = new Slot?[Slots];
    private readonly uint[] _seen = new uint[Slots];

    public string Name(ref readonly Utf8JsonReader json)
    {
        if (json.ValueIsEscaped) return json.GetString()!;
        uint hash = Hash(json.ValueSpan, seed: 1);
        if (Find(hash, json.ValueSpan) is string known) return known;
        string name = json.GetString()!;
        Keep(hash, json.ValueSpan, name);
        return name;
    }

    /// <param name="json">At the first token of the value; afterwards at its last.</param>
    /// <param name="all">What is read.</param>
    /// <param name="read">Makes the value where it is not known.</param>
    public AttributeValue Value(ref Utf8JsonReader json, ReadOnlySpan<byte> all, ReadValue read)
    {
        Utf8JsonReader first = json;
        int from = (int)json.TokenStartIndex;
        json.Skip();
        ReadOnlySpan<byte> written = all[from..(int)json.BytesConsumed];
        if (written.Length > Longest) return read(ref first);
        uint hash = Hash(written, seed: 2);
        if (Find(hash, written) is AttributeValue known) return known;
        AttributeValue value = read(ref first);
        Keep(hash, written, value);
        return value;
    }

    public delegate AttributeValue ReadValue(ref Utf8JsonReader json);

    private object? Find(uint hash, ReadOnlySpan<byte> written) =>
        Volatile.Read(ref _slots[hash % Slots]) is { } slot && slot.Hash == hash && written.SequenceEqual(slot.Written) ? slot.Value : null;

    // What comes once is not kept: most titles do.
    private void Keep(uint hash, ReadOnlySpan<byte> written, object value)
    {
        if (_seen[hash % Slots] == hash) Volatile.Write(ref _slots[hash % Slots], new Slot(hash, written.ToArray(), value));
        else _seen[hash % Slots] = hash;
    }

    private static uint Hash(ReadOnlySpan<byte> bytes, uint seed)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) seed = BitOperations.Crc32C(seed, word);
        foreach (byte one in bytes[(words.Length * sizeof(ulong))..]) seed = BitOperations.Crc32C(seed, one);
        return seed;
    }

    private sealed record Slot(uint Hash, byte[] Written, object Value);
}
