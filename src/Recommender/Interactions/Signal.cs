using System.Runtime.InteropServices;
using Recommender.Questionnaires;
using Recommender.Repeats;

namespace Recommender.Interactions;

/// <summary>
/// What learning needs of one event, 40 bytes: a log of a hundred million events becomes interactions within 8 GB, most of it for the moment of grouping.
/// </summary>
/// <param name="Person">The person's number, 0 where there is only one.</param>
/// <param name="Item">The column's number, -1 for what speaks for none: an undo, or an answer that was declined.</param>
/// <param name="Contribution">Confidence it speaks with, decayed and scaled by its quantity; for what takes back 0.</param>
/// <param name="Quantity">Units bought or returned.</param>
/// <param name="Type">What it does to the item's evidence.</param>
/// <param name="EventKey">Hash of the event id. It is compared within one person only, where 64 bits do not collide.</param>
/// <param name="RefersTo">For an undo: the hash of the id it takes back. For an answer: that of its question.</param>
/// <param name="Day">When it happened, in days from 1970.</param>
// In the order of the parameters it would be 48.
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Signal(int Person, int Item, float Contribution, float Quantity, SignalType Type, ulong EventKey, ulong RefersTo, int Day = 0)
{
    /// <summary>
    /// Adds what an event says at its value as of <paramref name="now"/>: nothing for one that says nothing of a
    /// taste, several for an answer.
    /// </summary>
    /// <exception cref="ArgumentException">The event needs an item and names none.</exception>
    public static void Add(List<Signal> signals, ShopEvent happened, int person, VocabularyBuilder items, ConfidenceOptions options, DateTimeOffset now)
    {
        if (happened.Answer is { } answer) AddAnswer(signals, happened, answer, person, items, options, now);
        else if (!happened.IsGift && happened.Type is not (EventTypes.Complaint or EventTypes.Answer)) signals.Add(Of(happened, person, items, options, now));
    }

    /// <exception cref="ArgumentException">The event needs an item and names none.</exception>
    public static void RequireItem(ShopEvent happened)
    {
        if (happened.ItemId is null && happened.Answer is null && happened.Type is not (EventTypes.Undo or EventTypes.Complaint or EventTypes.Answer))
            throw new ArgumentException($"The event '{happened.EventId}' of type '{happened.Type}' names no item.", nameof(happened));
    }

    private static Signal Of(ShopEvent happened, int person, VocabularyBuilder items, ConfidenceOptions options, DateTimeOffset now)
    {
        SignalType type = TypeOf(happened);
        RequireItem(happened);
        return new Signal(person, type == SignalType.Undo ? -1 : items.Add(happened.ItemId!), Value(happened, type, options, now),
            (float)happened.Quantity, type,
            KeyOf(happened.EventId), happened.UndoesEventId is { } undone ? KeyOf(undone) : 0, PurchaseHabit.DayOf(happened.OccurredAt));
    }

    private static void AddAnswer(List<Signal> signals, ShopEvent happened, Answer answer, int person, VocabularyBuilder items, ConfidenceOptions options,
        DateTimeOffset now)
    {
        // Somebody who says "later" leaves standing what they said before.
        if (answer.Kind == AnswerKind.Skipped) return;
        ulong eventKey = KeyOf(happened.EventId), question = KeyOf(AnswerColumns.QuestionOf(answer));
        float value = Value(happened, SignalType.Answer, options, now);
        // That the question was answered anew counts even where the new answer speaks for nothing.
        signals.Add(new Signal(person, -1, 0, 1, SignalType.Answer, eventKey, question));
        foreach (var (column, opinion) in AnswerColumns.Of(answer))
        {
            float says = opinion switch { Opinion.Likes => value, Opinion.Dislikes => -value, _ => 0 };
            signals.Add(new Signal(person, items.Add(column), says, 1, SignalType.Answer, eventKey, question));
        }
    }

    private static SignalType TypeOf(ShopEvent happened) => happened.Type switch
    {
        EventTypes.Undo => SignalType.Undo,
        EventTypes.Purchase => SignalType.Purchase,
        EventTypes.Return => SignalType.Return,
        EventTypes.CartAdd => SignalType.CartAdd,
        EventTypes.CartRemove => SignalType.CartRemove,
        EventTypes.Like or EventTypes.Unlike or EventTypes.Dislike or EventTypes.Rating => SignalType.Opinion,
        EventTypes.Review when happened.Rating is not null => SignalType.Opinion,
        EventTypes.Hide => SignalType.Hide,
        _ => SignalType.Attention,
    };

    private static float Value(ShopEvent happened, SignalType type, ConfidenceOptions options, DateTimeOffset now)
    {
        double weight = happened.Rating is not null ? OfRating(happened.Rating, options) : options.Weights.GetValueOrDefault(happened.Type);
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

    /// <summary>Only the newest answer to a question counts.</summary>
    Answer,
    Undo,
}
