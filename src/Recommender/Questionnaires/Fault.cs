namespace Recommender.Questionnaires;

/// <summary>What is wrong with one part of a definition or an answer; <paramref name="Problem"/> ends a sentence that begins with the path.</summary>
/// <param name="Path">Such as <c>questions[2].options[0].means</c>.</param>
public readonly record struct Fault(string Path, string Problem);

/// <summary>A definition that cannot be read at all; the message has the first of its faults.</summary>
public sealed class InvalidQuestionnaireException : Exception
{
    public InvalidQuestionnaireException(IReadOnlyList<Fault> faults)
        : base($"{faults[0].Path} {faults[0].Problem}{(faults.Count > 1 ? $" (and {faults.Count - 1} more)" : "")}") => Faults = faults;

    public IReadOnlyList<Fault> Faults { get; }
}
