namespace Recommender.Expressions;

/// <summary>What makes one condition of others: <c>&amp;&amp;</c>, <c>||</c>, <c>!</c> and <c>?:</c>.</summary>
internal enum Connective { And, Or, Not, Choice }

/// <summary>A condition made of others.</summary>
/// <param name="Operands">Any number for and and or, one for not; for a choice the condition and what it chooses between.</param>
internal sealed record Compound(Connective Connective, IReadOnlyList<Code> Operands);
