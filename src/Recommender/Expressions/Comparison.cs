namespace Recommender.Expressions;

/// <summary>What an attribute as it is is compared with, for who asks many values at once.</summary>
/// <param name="Operator">With the attribute on its left.</param>
internal sealed record Comparison(string Operator, Value Constant)
{
    /// <summary>Null where it is not an attribute and a constant that are compared.</summary>
    public static Comparison? Of(string symbol, Code left, Code right)
    {
        if (left.IsAttribute && right.Constant is { IsMissing: false } bound) return new(symbol, bound);
        if (!right.IsAttribute || left.Constant is not { IsMissing: false } other) return null;
        return new(symbol switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => symbol }, other);
    }
}
