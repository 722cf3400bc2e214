namespace Recommender.Storage;

/// <summary>One storage engine, open. Disposing closes it; everything acknowledged before is kept.</summary>
public interface IShopStore : IAsyncDisposable
{
    IEventLog Events { get; }

    IItemStore Items { get; }

    ICustomerStore Customers { get; }

    IScenarioStore Scenarios { get; }

    IModelRegistry Models { get; }

    IRecommendationLog Recommendations { get; }

    ICheckpoints Checkpoints { get; }

    ISettings Settings { get; }

    IIdentityLinks Links { get; }

    IQuestionnaireStore Questionnaires { get; }

    IQuestionnaireSessions Sessions { get; }

    IContactLedger Contacts { get; }

    ILifeCycleStore LifeCycle { get; }

    IErasures Erasures { get; }

    IPersonRecords People { get; }

    IModelArchive Archive { get; }

    IChangeFeed Changes { get; }

    IShopRecords Records { get; }

    /// <summary>Whether other processes may have it open, too: what they do is told by <see cref="Changes"/>.</summary>
    bool IsShared { get; }
}
