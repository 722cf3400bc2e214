namespace Recommender.Expressions;

/// <summary>What was written, as a tree. <see cref="Offset"/> is where an error about the node points.</summary>
internal abstract record Syntax(int Offset)
{
    internal sealed record Literal(int Offset, Value Value) : Syntax(Offset);

    internal sealed record List(int Offset, IReadOnlyList<Syntax> Elements) : Syntax(Offset);

    internal sealed record Name(int Offset, string Text) : Syntax(Offset);

    /// <summary><c>target.field</c>; the offset is that of the field.</summary>
    internal sealed record Select(int Offset, Syntax Target, string Field) : Syntax(Offset);

    /// <summary><c>function(arguments)</c> or, with the target as first argument, <c>target.function(arguments)</c>.</summary>
    internal sealed record Call(int Offset, string Function, bool OnTarget, IReadOnlyList<Syntax> Arguments) : Syntax(Offset);

    internal sealed record Unary(int Offset, string Operator, Syntax Operand) : Syntax(Offset);

    internal sealed record Binary(int Offset, string Operator, Syntax Left, Syntax Right) : Syntax(Offset);

    /// <summary>All of <c>a &amp;&amp; b &amp;&amp; c</c> or <c>a || b || c</c>, flat, so that a long chain is no deep tree.</summary>
    internal sealed record Logical(int Offset, string Operator, IReadOnlyList<Syntax> Operands) : Syntax(Offset);

    internal sealed record Conditional(int Offset, Syntax Condition, Syntax Then, Syntax Otherwise) : Syntax(Offset);
}
