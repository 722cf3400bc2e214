using Recommender.Expressions;

namespace Recommender.Catalogue;

/// <summary>What a condition is for an item; false is neither of the two. Highest bits, so that one instruction gathers those of many.</summary>
[Flags]
internal enum Verdict : byte { False = 0, Missing = 0x40, True = 0x80 }

/// <summary>Says for many items at once what a condition is for them.</summary>
internal abstract class Judge
{
    /// <summary>Words that are judged together: scratch memory stays near.</summary>
    public const int BlockWords = 64;

    /// <summary>Whether items are looked at one by one, which costs most: better after others have decided.</summary>
    public virtual bool LooksAtItems => false;

    /// <summary>Which of the items that are asked for the condition is true for, and for which it is missing; no other bits are set.</summary>
    /// <param name="first">The number of the first word in a mask.</param>
    /// <param name="asked">At most <see cref="BlockWords"/>, as the results.</param>
    public abstract void Decide(int first, ReadOnlySpan<ulong> asked, Span<ulong> isTrue, Span<ulong> isMissing);

    public static Verdict VerdictOf(Value value) => value.IsTrue ? Verdict.True : value.IsMissing ? Verdict.Missing : Verdict.False;
}
