using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoEventLogTests() : EventLogContract(new MongoEngine(reuse: true));

public sealed class MongoTlsEventLogTests() : EventLogContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetEventLogTests() : EventLogContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoAnswerTests() : AnswerContract(new MongoEngine(reuse: true));

public sealed class MongoTlsAnswerTests() : AnswerContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetAnswerTests() : AnswerContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoForgettingTests() : ForgettingContract(new MongoEngine(reuse: true));

public sealed class MongoTlsForgettingTests() : ForgettingContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetForgettingTests() : ForgettingContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoChangeFeedTests() : ChangeFeedContract(new MongoEngine(reuse: true));

public sealed class MongoTlsChangeFeedTests() : ChangeFeedContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetChangeFeedTests() : ChangeFeedContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoModelRegistryTests() : ModelRegistryContract(new MongoEngine(reuse: true));

public sealed class MongoTlsModelRegistryTests() : ModelRegistryContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetModelRegistryTests() : ModelRegistryContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoRecommendationLogTests() : RecommendationLogContract(new MongoEngine(reuse: true));

public sealed class MongoTlsRecommendationLogTests() : RecommendationLogContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetRecommendationLogTests() : RecommendationLogContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoModelArchiveTests() : ModelArchiveContract(new MongoEngine(reuse: true));

public sealed class MongoTlsModelArchiveTests() : ModelArchiveContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetModelArchiveTests() : ModelArchiveContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));

public sealed class MongoPersonRecordsTests() : PersonRecordsContract(new MongoEngine(reuse: true));

public sealed class MongoTlsPersonRecordsTests() : PersonRecordsContract(new MongoEngine(MongoEngine.Tls, reuse: true));

public sealed class MongoReplicaSetPersonRecordsTests() : PersonRecordsContract(new MongoEngine(MongoEngine.ReplicaSet, reuse: true));
