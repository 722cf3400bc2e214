using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>What is asked of a scan: whose scores, of which items.</summary>
internal readonly unsafe ref struct ScanRequest
{
    private readonly ReadOnlySpan<ulong> _eligible;
    private readonly ReadOnlySpan<ulong> _excluded;
    private readonly ulong _ofLastBlock;

    /// <exception cref="ArgumentException">A mask, or what is added, covers fewer items than there are rows.</exception>
    public ScanRequest(int rows, FactorMatrix vector, AddedScores? added, ItemMask eligible, ItemMask excluded, ReadOnlySpan<Boost> boosts)
    {
        if (eligible.Length < rows || excluded.Length < rows)
            throw new ArgumentException($"The masks cover {eligible.Length} and {excluded.Length} items, the model has {rows}.",
                nameof(eligible));
        if (added is not null && added.Items < rows)
            throw new ArgumentException($"Something is added to {added.Items} items, the model has {rows}.", nameof(added));
        // The masks may go on for items that the model has not learned.
        Blocks = (rows + FactorCodes.Block - 1) / FactorCodes.Block;
        _eligible = eligible.Words[..Blocks];
        _excluded = excluded.Words[..Blocks];
        _ofLastBlock = ulong.MaxValue >> (-rows & 63);
        (Vector, Added) = (vector, added);
        Boosts = boosts;
    }

    /// <summary>One padded row.</summary>
    public FactorMatrix Vector { get; }

    public AddedScores? Added { get; }

    public ReadOnlySpan<Boost> Boosts { get; }

    /// <summary>Of 64 items each.</summary>
    public int Blocks { get; }

    /// <summary>The items of a block that may be answered.</summary>
    public ulong Open(int block)
    {
        ulong open = _eligible[block] & ~_excluded[block];
        return block == Blocks - 1 ? open & _ofLastBlock : open;
    }

    /// <summary>
    /// An item's score by its product with the vector. Nothing else works it out, so that an item has the same score everywhere.
    /// </summary>
    public float Score(float product, int item) => Score(product, item, Added, Boosts);

    /// <inheritdoc cref="Score(float, int)"/>
    public static float Score(float product, int item, AddedScores? added, ReadOnlySpan<Boost> boosts)
    {
        float score = added is null ? product : product + added.Of(item);
        return boosts.IsEmpty ? score : Boost.Applied(score, Boost.FactorOf(boosts, item));
    }
}
