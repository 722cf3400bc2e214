using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Storage;

public interface IQuestionnaireSessions
{
    /// <summary>Enters a session; false, and nothing entered, if the id is there already.</summary>
    Task<bool> TryStartAsync(Tenant tenant, QuestionnaireSession session, CancellationToken cancellation);

    /// <summary>Ends a session; false if there is none of the id or it has ended before.</summary>
    Task<bool> TryEndAsync(Tenant tenant, string sessionId, DateTimeOffset at, CancellationToken cancellation);

    Task<QuestionnaireSession?> FindAsync(Tenant tenant, string sessionId, CancellationToken cancellation);

    /// <summary>A person's sessions, newest first.</summary>
    Task<IReadOnlyList<QuestionnaireSession>> ListAsync(Tenant tenant, Person person, CancellationToken cancellation);
}
