using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Serving;

/// <summary>The answers to some people of a batch, all from one model and catalogue.</summary>
/// <param name="Told">Of at most so many that they are about a megabyte together; a single one may be more.</param>
/// <param name="Mark">How far the batch has come with these.</param>
/// <param name="Of">About how many people there are; 0 where that is not known.</param>
internal sealed record BatchPart(IReadOnlyList<Wire.BatchRecommendation> Told, Moment Now, string Degraded, BatchMark Mark, long Of);

/// <summary>What one customer of a batch is answered.</summary>
internal readonly record struct BatchAnswer(string CustomerId, Answer Answer);
