namespace Recommender.Cli.Terminal;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Stage">What is being done now.</param>
/// <param name="Fraction">0 to 1 of the whole.</param>
internal readonly record struct Step(string Stage, double Fraction);
