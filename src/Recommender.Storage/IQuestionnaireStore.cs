namespace Recommender.Storage;

/// <summary>The shop's questionnaires: a draft that changes and versions that never do. Few; read at start and at every change.</summary>
public interface IQuestionnaireStore
{
    /// <summary>Writes the draft, version 0, replacing the one before.</summary>
    Task SaveDraftAsync(Tenant tenant, QuestionnaireVersion draft, CancellationToken cancellation);

    /// <summary>Enters a version for good; false, and nothing entered, if the version is there already.</summary>
    Task<bool> TryPublishAsync(Tenant tenant, QuestionnaireVersion version, CancellationToken cancellation);

    /// <summary>All drafts and versions, ordered by id (UTF-8) and version.</summary>
    Task<IReadOnlyList<QuestionnaireVersion>> ListAsync(Tenant tenant, CancellationToken cancellation);
}

/// <param name="Version">0 for the draft; versions from 1.</param>
/// <param name="Definition">The questionnaire as JSON.</param>
public sealed record QuestionnaireVersion(string Id, int Version, DateTimeOffset At, string Definition);
