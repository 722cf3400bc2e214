using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoItemStoreTests() : ItemStoreContract(new MongoEngine(reuse: true));

public sealed class MongoTlsItemStoreTests() : ItemStoreContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetItemStoreTests() : ItemStoreContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoCustomerStoreTests() : CustomerStoreContract(new MongoEngine(reuse: true));

public sealed class MongoTlsCustomerStoreTests() : CustomerStoreContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetCustomerStoreTests() : CustomerStoreContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoScenarioStoreTests() : ScenarioStoreContract(new MongoEngine(reuse: true));

public sealed class MongoTlsScenarioStoreTests() : ScenarioStoreContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetScenarioStoreTests() : ScenarioStoreContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoCheckpointsTests() : CheckpointsContract(new MongoEngine(reuse: true));

public sealed class MongoTlsCheckpointsTests() : CheckpointsContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetCheckpointsTests() : CheckpointsContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoSettingsTests() : SettingsContract(new MongoEngine(reuse: true));

public sealed class MongoTlsSettingsTests() : SettingsContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetSettingsTests() : SettingsContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoQuestionnaireStoreTests() : QuestionnaireStoreContract(new MongoEngine(reuse: true));

public sealed class MongoTlsQuestionnaireStoreTests() : QuestionnaireStoreContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetQuestionnaireStoreTests() : QuestionnaireStoreContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoQuestionnaireSessionsTests() : QuestionnaireSessionsContract(new MongoEngine(reuse: true));

public sealed class MongoTlsQuestionnaireSessionsTests() : QuestionnaireSessionsContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetQuestionnaireSessionsTests() : QuestionnaireSessionsContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoLifeCycleStoreTests() : LifeCycleStoreContract(new MongoEngine(reuse: true));

public sealed class MongoTlsLifeCycleStoreTests() : LifeCycleStoreContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetLifeCycleStoreTests() : LifeCycleStoreContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoIdentityLinksTests() : IdentityLinksContract(new MongoEngine(reuse: true));

public sealed class MongoTlsIdentityLinksTests() : IdentityLinksContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetIdentityLinksTests() : IdentityLinksContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoContactLedgerTests() : ContactLedgerContract(new MongoEngine(reuse: true));

public sealed class MongoTlsContactLedgerTests() : ContactLedgerContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetContactLedgerTests() : ContactLedgerContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoErasuresTests() : ErasuresContract(new MongoEngine(reuse: true));

public sealed class MongoTlsErasuresTests() : ErasuresContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetErasuresTests() : ErasuresContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));
