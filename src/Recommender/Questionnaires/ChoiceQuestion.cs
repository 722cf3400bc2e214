using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>A question whose answer is one of several columns of a model.</summary>
/// <param name="Name">For people.</param>
/// <param name="Columns">Its options, by their numbers in the model.</param>
/// <param name="Answered">Part of the people who answer it, 0 to 1.</param>
public sealed record ChoiceQuestion(string Name, ImmutableArray<int> Columns, double Answered);
