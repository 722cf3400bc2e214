using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Recommender.Expressions;

namespace Recommender.Catalogue;

/// <summary>What a condition on one attribute is for each of its values.</summary>
internal sealed class VerdictTable(string attribute, ReadOnlyMemory<AttributeValue?> known, CancellationToken cancellation)
{
    private const int Stride = 4096;

    private readonly Probe _probe = new([attribute]);

    /// <summary>The verdicts by value, and one more.</summary>
    public Verdict[] Of(Code condition)
    {
        var verdicts = new Verdict[known.Length + 1];
        Fill(condition, verdicts.AsSpan(0, known.Length));
        return verdicts;
    }

    private void Fill(Code condition, Span<Verdict> verdicts)
    {
        if (condition.Reads.IsEmpty) verdicts.Fill(Judge.VerdictOf(condition.Run(_probe.Asked)));
        else if (condition.Comparison is { } comparison && TryCompare(comparison, verdicts)) return;
        else if (condition.Compound is { } compound) Combine(compound, verdicts);
        else Ask(condition, verdicts);
    }

    private void Ask(Code condition, Span<Verdict> verdicts)
    {
        ReadOnlySpan<AttributeValue?> values = known.Span;
        for (int k = 0; k < verdicts.Length; k++)
        {
            if (k % Stride == 0) cancellation.ThrowIfCancellationRequested();
            _probe[0] = values[k];
            verdicts[k] = Judge.VerdictOf(condition.Run(_probe.Asked));
        }
    }

    // False is less than missing and missing less than true: by Kleene's rules and is the least of its operands, or the greatest.
    private void Combine(Compound compound, Span<Verdict> verdicts)
    {
        Fill(compound.Operands[0], verdicts);
        Span<byte> all = MemoryMarshal.AsBytes(verdicts);
        switch (compound.Connective)
        {
            case Connective.Not:
                TensorPrimitives.Subtract((byte)Verdict.True, all, all);
                break;
            case Connective.Choice:
                Verdict[] then = Of(compound.Operands[1]), otherwise = Of(compound.Operands[2]);
                for (int k = 0; k < verdicts.Length; k++)
                    verdicts[k] = verdicts[k] switch { Verdict.True => then[k], Verdict.False => otherwise[k], _ => Verdict.Missing };
                break;
            default:
                foreach (Code operand in compound.Operands.Skip(1))
                {
                    ReadOnlySpan<byte> other = MemoryMarshal.AsBytes(Of(operand).AsSpan(0, verdicts.Length));
                    if (compound.Connective == Connective.And) TensorPrimitives.Min(all, other, all);
                    else TensorPrimitives.Max(all, other, all);
                }
                break;
        }
    }

    // The condition's own code would be right as well: a price has thousands of values, and this takes a tenth of the time.
    private bool TryCompare(Comparison comparison, Span<Verdict> verdicts)
    {
        ReadOnlySpan<AttributeValue?> values = known.Span;
        // By whether the value is less than, equal to and greater than the constant, a bit each; none of them is set beside NaN.
        Span<Verdict> outcomes = stackalloc Verdict[5];
        outcomes.Clear();
        foreach (int trueWhere in (ReadOnlySpan<int>)(comparison.Operator switch
        {
            "<" => [1],
            "<=" => [1, 2],
            ">" => [4],
            ">=" => [2, 4],
            "==" => [2],
            _ => [0, 1, 4],
        }))
            outcomes[trueWhere] = Verdict.True;

        Value constant = comparison.Constant;
        switch (constant.Kind)
        {
            case ValueKind.Int or ValueKind.Double:
                double bound = constant.Double;
                for (int k = 0; k < verdicts.Length; k++)
                {
                    verdicts[k] = values[k] is AttributeValue.Number { Value: var value }
                        ? outcomes[Order(value < bound, value == bound, value > bound)]
                        : Verdict.Missing;
                }
                return true;
            case ValueKind.Instant:
                long ticks = constant.Int;
                for (int k = 0; k < verdicts.Length; k++)
                {
                    verdicts[k] = values[k] is AttributeValue.Instant { Value.UtcTicks: var value }
                        ? outcomes[Order(value < ticks, value == ticks, value > ticks)]
                        : Verdict.Missing;
                }
                return true;
            case ValueKind.Text when comparison.Operator is "==" or "!=":
                string wanted = constant.Text;
                for (int k = 0; k < verdicts.Length; k++)
                    verdicts[k] = values[k] is AttributeValue.Text text ? outcomes[text.Value == wanted ? 2 : 1] : Verdict.Missing;
                return true;
            default:
                return false;
        }

        static int Order(bool less, bool equal, bool greater) => (less ? 1 : 0) | (equal ? 2 : 0) | (greater ? 4 : 0);
    }
}
