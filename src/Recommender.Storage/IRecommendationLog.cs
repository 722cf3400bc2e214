using Recommender.Interactions;
using Recommender.Ranking;

namespace Recommender.Storage;

/// <summary>What was answered, so that it can be explained and later events attributed. It may lose the last moments at a crash; events never.</summary>
public interface IRecommendationLog
{
    Task AppendAsync(Tenant tenant, IReadOnlyList<ServedRecommendation> served, CancellationToken cancellation);

    Task<ServedRecommendation?> FindAsync(Tenant tenant, string recommendationId, CancellationToken cancellation);

    /// <summary>What a person was shown since a moment, newest first, at most <paramref name="limit"/>. One indexed query.</summary>
    Task<IReadOnlyList<ServedRecommendation>> ReadPersonAsync(Tenant tenant, Person person, DateTimeOffset since, int limit, CancellationToken cancellation);

    /// <summary>Forgets single answers; how many of them there were.</summary>
    Task<int> ForgetAsync(Tenant tenant, IReadOnlyList<string> recommendationIds, CancellationToken cancellation);

    /// <summary>Forgets what was served before a moment; how many were forgotten.</summary>
    Task<long> ForgetBeforeAsync(Tenant tenant, DateTimeOffset moment, CancellationToken cancellation);
}
