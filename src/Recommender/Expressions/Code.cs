using System.Collections.Immutable;
using Recommender.Catalogue;

namespace Recommender.Expressions;

/// <summary>A checked expression, ready to run on items.</summary>
/// <param name="Constant">The value, where it depends on no item.</param>
internal sealed record Code(ValueType Type, Func<Item, Value> Run, Value? Constant = null)
{
    /// <summary>The attributes that the value depends on, the id among them: items that agree in these agree in the value.</summary>
    public ImmutableHashSet<string> Reads { get; init; } = [];

    /// <summary>How its truth follows from that of other conditions; null where it is made of none.</summary>
    public Compound? Compound { get; init; }

    /// <summary>What is compared, where it is an attribute with a constant.</summary>
    public Comparison? Comparison { get; init; }

    /// <summary>Whether it is nothing but the value of an attribute.</summary>
    public bool IsAttribute { get; init; }

    public static Code Of(ValueType type, Value constant) => new(type, _ => constant, constant);

    /// <summary>An operator on values none of which is missing; where one is, so is the result. Constants are worked out at once.</summary>
    public static Code Of(ValueType type, Code operand, Func<Value, Value> apply)
    {
        if (operand.Constant is { } constant) return Of(type, constant.IsMissing ? constant : apply(constant));
        Func<Item, Value> run = operand.Run;
        return new Code(type, item =>
        {
            Value value = run(item);
            return value.IsMissing ? value : apply(value);
        })
        { Reads = operand.Reads };
    }

    /// <summary>As the overload for one operand.</summary>
    public static Code Of(ValueType type, Code left, Code right, Func<Value, Value, Value> apply)
    {
        if (left.Constant is { } a && right.Constant is { } b) return Of(type, a.IsMissing || b.IsMissing ? Value.Missing : apply(a, b));
        Func<Item, Value> first = left.Run, second = right.Run;
        return new Code(type, item =>
        {
            Value x = first(item);
            if (x.IsMissing) return x;
            Value y = second(item);
            return y.IsMissing ? y : apply(x, y);
        })
        { Reads = left.Reads.Union(right.Reads) };
    }

    /// <summary>
    /// Conditions joined by <c>&amp;&amp;</c> or <c>||</c>, in Kleene's three values: one decisive operand is enough, whatever the others are,
    /// and missing is what is left undecided.
    /// </summary>
    public static Code Of(Connective andOr, IReadOnlyList<Code> conditions)
    {
        bool decisive = andOr == Connective.Or;
        Func<Item, Value>[] operands = [.. conditions.Select(condition => condition.Run)];
        return new Code(ValueType.Bool, item =>
        {
            bool missing = false;
            foreach (Func<Item, Value> operand in operands)
            {
                Value value = operand(item);
                if (value.IsMissing) missing = true;
                else if (value.IsTrue == decisive) return value;
            }
            return missing ? Value.Missing : Value.Of(!decisive);
        })
        {
            Reads = ImmutableHashSet.CreateRange(conditions.SelectMany(condition => condition.Reads)),
            Compound = new Compound(andOr, conditions),
        };
    }
}
