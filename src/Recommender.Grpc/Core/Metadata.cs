using System.Collections;

namespace Grpc.Core;

/// <summary>The custom headers or trailers of a call. Keys are lower case; a key ending in "-bin" carries bytes, any other text.</summary>
public sealed partial class Metadata : IList<Metadata.Entry>
{
    public const string BinaryHeaderSuffix = "-bin";
    public static readonly Metadata Empty = new() { _frozen = true };

    private readonly List<Entry> _entries = [];
    private bool _frozen;

    public int Count => _entries.Count;
    public bool IsReadOnly => _frozen;

    public Entry this[int index]
    {
        get => _entries[index];
        set => Writable()[index] = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>The last entry with the key: a later header overrides an earlier one.</summary>
    public Entry? Get(string key)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
            if (_entries[i].Key == key)
                return _entries[i];
        return null;
    }

    public string? GetValue(string key) => Get(key)?.Value;
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.Key == key);

    public void Add(string key, string value) => Add(new Entry(key, value));
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));
    public void Add(Entry item) => Writable().Add(item ?? throw new ArgumentNullException(nameof(item)));
    public void Insert(int index, Entry item) => Writable().Insert(index, item ?? throw new ArgumentNullException(nameof(item)));
    public void Clear() => Writable().Clear();
    public bool Remove(Entry item) => Writable().Remove(item);
    public void RemoveAt(int index) => Writable().RemoveAt(index);
    public int IndexOf(Entry item) => _entries.IndexOf(item);
    public bool Contains(Entry item) => _entries.Contains(item);
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private List<Entry> Writable() => _frozen ? throw new InvalidOperationException("The metadata is read only.") : _entries;
}
