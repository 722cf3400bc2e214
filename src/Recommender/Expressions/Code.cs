using Recommender.Catalogue;

namespace Recommender.Expressions;

/// <summary>A checked expression, ready to run on items.</summary>
/// <param name="Constant">The value, where it depends on no item.</param>
internal sealed record Code(ValueType Type, Func<Item, Value> Run, Value? Constant = null)
{
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
        });
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
        });
    }
}
