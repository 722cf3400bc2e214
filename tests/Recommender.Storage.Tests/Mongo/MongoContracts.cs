using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoEventLogTests() : EventLogContract(new MongoEngine());

public sealed class MongoTlsEventLogTests() : EventLogContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetEventLogTests() : EventLogContract(new MongoEngine(MongoEngine.ReplicaSet));

public sealed class MongoAnswerTests() : AnswerContract(new MongoEngine());

public sealed class MongoTlsAnswerTests() : AnswerContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetAnswerTests() : AnswerContract(new MongoEngine(MongoEngine.ReplicaSet));

public sealed class MongoForgettingTests() : ForgettingContract(new MongoEngine());

public sealed class MongoTlsForgettingTests() : ForgettingContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetForgettingTests() : ForgettingContract(new MongoEngine(MongoEngine.ReplicaSet));

public sealed class MongoChangeFeedTests() : ChangeFeedContract(new MongoEngine());

public sealed class MongoTlsChangeFeedTests() : ChangeFeedContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetChangeFeedTests() : ChangeFeedContract(new MongoEngine(MongoEngine.ReplicaSet));

public sealed class MongoModelRegistryTests() : ModelRegistryContract(new MongoEngine());

public sealed class MongoTlsModelRegistryTests() : ModelRegistryContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetModelRegistryTests() : ModelRegistryContract(new MongoEngine(MongoEngine.ReplicaSet));

public sealed class MongoRecommendationLogTests() : RecommendationLogContract(new MongoEngine());

public sealed class MongoTlsRecommendationLogTests() : RecommendationLogContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetRecommendationLogTests() : RecommendationLogContract(new MongoEngine(MongoEngine.ReplicaSet));

public sealed class MongoModelArchiveTests() : ModelArchiveContract(new MongoEngine());

public sealed class MongoTlsModelArchiveTests() : ModelArchiveContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetModelArchiveTests() : ModelArchiveContract(new MongoEngine(MongoEngine.ReplicaSet));

public sealed class MongoPersonRecordsTests() : PersonRecordsContract(new MongoEngine());

public sealed class MongoTlsPersonRecordsTests() : PersonRecordsContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetPersonRecordsTests() : PersonRecordsContract(new MongoEngine(MongoEngine.ReplicaSet));
