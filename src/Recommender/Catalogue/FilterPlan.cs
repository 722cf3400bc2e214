using Recommender.Expressions;
using Recommender.Scoring;

namespace Recommender.Catalogue;

/// <summary>
/// How a filter is worked out for the whole catalogue: what depends on one attribute is asked once a value, conditions are put together 64 items a
/// word, and only what is left is asked of items.
/// </summary>
/// <param name="columnOf">What items have of an attribute; null where it is to be read from the items.</param>
internal sealed class FilterPlan(Shelves shelves, Func<string, Column?> columnOf, CancellationToken cancellation)
{
    /// <summary>The items that a condition is true for.</summary>
    public ItemMask WorkOut(Code condition)
    {
        Judge judge = JudgeOf(condition);
        var mask = new ItemMask(shelves.Length);
        ReadOnlySpan<ulong> listed = shelves.Listed.Words;
        Span<ulong> asked = stackalloc ulong[Judge.BlockWords];
        Span<ulong> isTrue = stackalloc ulong[Judge.BlockWords], isMissing = stackalloc ulong[Judge.BlockWords];
        for (int first = 0; first < listed.Length; first += Judge.BlockWords)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(Judge.BlockWords, listed.Length - first);
            // A copy: writers may change it meanwhile, and a judge must be asked about the same items throughout.
            listed.Slice(first, count).CopyTo(asked);
            judge.Decide(first, asked[..count], isTrue[..count], isMissing[..count]);
            mask.SetWords(first, isTrue[..count]);
        }
        return mask;
    }

    private Judge JudgeOf(Code condition)
    {
        if (condition.Reads.IsEmpty) return new ConstantJudge(Judge.VerdictOf(condition.Run(new Probe([]).Asked)));
        bool isOfOne = condition.Reads.Count == 1;
        if (isOfOne && ColumnOf(condition.Reads.First()) is { } column) return column.JudgeOf(condition, cancellation);
        if (isOfOne || condition.Compound is not { } compound)
            return new ItemJudge(shelves, condition, condition.Reads.ToDictionary(attribute => attribute, ColumnOf));

        IReadOnlyList<Code> operands = compound.Operands;
        return compound.Connective switch
        {
            Connective.Not => new NotJudge(JudgeOf(operands[0])),
            Connective.Choice => new ChoiceJudge(JudgeOf(operands[0]), JudgeOf(operands[1]), JudgeOf(operands[2])),
            var andOr => new LogicalJudge(andOr == Connective.Or, Together(andOr, operands).Select(JudgeOf)),
        };
    }

    // Operands that depend on the same attribute alone are one table of verdicts, and one look at its column.
    private static IEnumerable<Code> Together(Connective andOr, IReadOnlyList<Code> operands) => operands
        .GroupBy(operand => operand.Reads.Count == 1 ? operand.Reads.First() : (object)operand)
        .Select(group => group.ToArray() is [var alone] ? alone : Code.Of(andOr, [.. group]));

    private Column? ColumnOf(string attribute) => attribute == Compiler.Id ? null : columnOf(attribute);
}
