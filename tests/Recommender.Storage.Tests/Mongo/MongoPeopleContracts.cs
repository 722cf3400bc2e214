using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoItemStoreTests() : ItemStoreContract(new MongoEngine());

public sealed class MongoCustomerStoreTests() : CustomerStoreContract(new MongoEngine());

public sealed class MongoScenarioStoreTests() : ScenarioStoreContract(new MongoEngine());

public sealed class MongoCheckpointsTests() : CheckpointsContract(new MongoEngine());

public sealed class MongoSettingsTests() : SettingsContract(new MongoEngine());

public sealed class MongoQuestionnaireStoreTests() : QuestionnaireStoreContract(new MongoEngine());

public sealed class MongoQuestionnaireSessionsTests() : QuestionnaireSessionsContract(new MongoEngine());

public sealed class MongoLifeCycleStoreTests() : LifeCycleStoreContract(new MongoEngine());

public sealed class MongoIdentityLinksTests() : IdentityLinksContract(new MongoEngine());

public sealed class MongoContactLedgerTests() : ContactLedgerContract(new MongoEngine());

public sealed class MongoErasuresTests() : ErasuresContract(new MongoEngine());
