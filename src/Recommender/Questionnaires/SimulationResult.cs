using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>How good lists are after so many questions, by the order in which they were asked.</summary>
/// <param name="Respondents">How many people were measured.</param>
/// <param name="Popularity">NDCG@20 of what everybody wants, nothing asked.</param>
/// <param name="Ceiling">NDCG@20 with everything known that could be said.</param>
/// <param name="Orders">One entry an order of asking.</param>
public sealed record SimulationResult(int Respondents, double Popularity, double Ceiling, ImmutableArray<OrderResult> Orders);

/// <param name="Order">"adaptive", "popular", "random" or "fixed".</param>
/// <param name="Steps">One entry a number of questions.</param>
public sealed record OrderResult(string Order, ImmutableArray<StepResult> Steps);

/// <param name="Questions">How many were asked.</param>
/// <param name="Ndcg">Mean NDCG@20 over the respondents.</param>
/// <param name="Yes">Mean number of answers that were a yes.</param>
public readonly record struct StepResult(int Questions, double Ndcg, double Yes);
