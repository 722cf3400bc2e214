namespace Recommender.Interactions;

/// <summary>
/// What learning needs of one event, 40 bytes: a log of a hundred million events becomes interactions within 4 GB.
/// </summary>
/// <param name="Person">The person's number, 0 where there is only one.</param>
/// <param name="Item">The item's number, -1 for an undo.</param>
/// <param name="Contribution">Confidence it speaks with, decayed and scaled by its quantity; for what takes back 0.</param>
/// <param name="Quantity">Units bought or returned.</param>
/// <param name="Type">What it does to the item's evidence.</param>
/// <param name="EventKey">Hash of the event id. It is compared within one person only, where 64 bits do not collide.</param>
/// <param name="UndoneKey">For an undo: the hash of the id it takes back.</param>
internal readonly record struct Signal(int Person, int Item, float Contribution, float Quantity, SignalType Type, ulong EventKey, ulong UndoneKey)
{
    /// <summary>Reads an event at its value as of <paramref name="now"/>.</summary>
    public static Signal Of(ShopEvent happened, int person, int item, ConfidenceOptions options, DateTimeOffset now)
    {
        SignalType type = TypeOf(happened);
        return new Signal(person, item, Value(happened, type, options, now), (float)happened.Quantity, type,
            KeyOf(happened.EventId), happened.UndoesEventId is { } undone ? KeyOf(undone) : 0);
    }

    private static SignalType TypeOf(ShopEvent happened) => happened.Type switch
    {
        EventTypes.Undo => SignalType.Undo,
        EventTypes.Purchase => SignalType.Purchase,
        EventTypes.Return => SignalType.Return,
        EventTypes.CartAdd => SignalType.CartAdd,
        EventTypes.CartRemove => SignalType.CartRemove,
        EventTypes.Like or EventTypes.Unlike or EventTypes.Dislike or EventTypes.Rating => SignalType.Opinion,
        EventTypes.Hide => SignalType.Hide,
        _ => SignalType.Attention,
    };

    private static float Value(ShopEvent happened, SignalType type, ConfidenceOptions options, DateTimeOffset now)
    {
        double weight = happened.Type == EventTypes.Rating ? OfRating(happened.Rating, options) : options.Weights.GetValueOrDefault(happened.Type);
        if (weight == 0) return 0;
        if (type is SignalType.Purchase or SignalType.CartAdd)
            weight *= Math.Min(Math.Pow(Math.Max(happened.Quantity, 0), options.QuantityExponent), options.QuantityLimit);
        // A clock ahead of ours makes an event young, never heavier than a fresh one.
        double age = Math.Max(0, (now - happened.OccurredAt).TotalDays);
        return (float)(options.HalfLifeDays > 0 ? weight * double.Exp2(-age / options.HalfLifeDays) : weight);
    }

    // Between the two bounds a rating says that the item was seen and nothing else.
    private static double OfRating(double? stars, ConfidenceOptions options) =>
        stars >= options.PositiveRating ? options.Weights[EventTypes.Rating]
        : stars <= options.NegativeRating ? options.Weights[EventTypes.Dislike]
        : 0;

    // FNV-1a over UTF-16 units with a final mix: stable across processes, unlike string.GetHashCode.
    private static ulong KeyOf(string id)
    {
        ulong hash = 14695981039346656037;
        foreach (char unit in id) hash = (hash ^ unit) * 1099511628211;
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }
}

/// <summary>What an event does to the evidence for its item.</summary>
internal enum SignalType : byte
{
    /// <summary>A view, or a type the shop added: contributions add up.</summary>
    Attention,
    Purchase,
    Return,
    CartAdd,
    CartRemove,
    Opinion,
    Hide,
    Undo,
}
