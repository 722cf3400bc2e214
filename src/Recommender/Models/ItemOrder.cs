using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Similarity;

namespace Recommender.Models;

/// <summary>
/// The numbers that items have in a saved model: by falling length of their factor vectors, equals by their ids, so that a scan for the best
/// products finds them at the beginning. A model in memory has the numbers of its training set; nothing else tells the two apart.
/// </summary>
internal sealed class ItemOrder
{
    // By the new number the old one, and by the old one the new.
    private readonly int[] _old;
    private readonly int[] _new;

    private ItemOrder(int[] old)
    {
        (_old, _new) = (old, new int[old.Length]);
        for (int item = 0; item < old.Length; item++) _new[old[item]] = item;
    }

    public static ItemOrder ByLength(FactorMatrix factors, Vocabulary items)
    {
        var lengths = new double[factors.Rows];
        for (int item = 0; item < lengths.Length; item++)
        {
            // In one order and without vectors: the same on every machine.
            foreach (float factor in factors.Row(item)) lengths[item] += (double)factor * factor;
        }
        int[] old = [.. Enumerable.Range(0, factors.Rows)];
        Array.Sort(old, (a, b) => lengths[a] != lengths[b] ? lengths[b].CompareTo(lengths[a]) : string.CompareOrdinal(items[a], items[b]));
        return new ItemOrder(old);
    }

    public Vocabulary Of(Vocabulary items)
    {
        var builder = new VocabularyBuilder();
        foreach (int item in _old) builder.Add(items[item]);
        return builder.Build();
    }

    public T[] Of<T>(ReadOnlySpan<T> byItem)
    {
        var ordered = new T[byItem.Length];
        for (int item = 0; item < ordered.Length; item++) ordered[item] = byItem[_old[item]];
        return ordered;
    }

    /// <summary>A row an item; its columns stay.</summary>
    public InteractionMatrix Of(InteractionMatrix byItem)
    {
        var starts = new long[byItem.RowCount + 1];
        var columns = new int[byItem.Count];
        float[]? values = byItem.IsBinary ? null : new float[byItem.Count];
        for (int item = 0; item < byItem.RowCount; item++)
        {
            InteractionRow row = byItem.Row(_old[item]);
            starts[item + 1] = starts[item] + row.Length;
            row.Columns.CopyTo(columns.AsSpan((int)starts[item]));
            if (values is not null) row.Confidences.CopyTo(values.AsSpan((int)starts[item]));
        }
        return new InteractionMatrix(byItem.ColumnCount, starts, columns, values);
    }

    /// <summary>The tensors of a part, written row by row: it may be larger than the factors.</summary>
    public ImmutableArray<Safetensors.Tensor> Tensors(int number, ItemNeighbours part)
    {
        var starts = new long[part.ItemCount + 1];
        for (int item = 0; item < part.ItemCount; item++) starts[item + 1] = starts[item] + part.Of(_old[item]).Length;
        return
        [
            Safetensors.Of($"similarity_{number}_starts", starts),
            new($"similarity_{number}_items", Safetensors.Int32, [part.Count], stream =>
            {
                var renumbered = new int[1024];
                foreach (int item in _old)
                {
                    ReadOnlySpan<int> neighbours = part.Of(item);
                    if (neighbours.Length > renumbered.Length) renumbered = new int[neighbours.Length * 2];
                    for (int k = 0; k < neighbours.Length; k++) renumbered[k] = _new[neighbours[k]];
                    stream.Write(MemoryMarshal.AsBytes(renumbered.AsSpan(0, neighbours.Length)));
                }
            }),
            new($"similarity_{number}_values", Safetensors.Float32, [part.Count], stream =>
            {
                foreach (int item in _old) stream.Write(MemoryMarshal.AsBytes(part.SimilaritiesOf(item)));
            }),
        ];
    }

    public Safetensors.Tensor Tensor(string name, FactorMatrix byItem) => new(name, Safetensors.Float32, [byItem.Rows, byItem.Factors], stream =>
    {
        foreach (int item in _old) stream.Write(MemoryMarshal.AsBytes(byItem.Row(item)));
    });
}
