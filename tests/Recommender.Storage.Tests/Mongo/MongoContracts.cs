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
