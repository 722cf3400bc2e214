using Recommender.Storage.Tests.Contracts;
using Recommender.Storage.Tests.Sqlite;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoShopRecordsTests() : ShopRecordsContract(new MongoEngine(), new MongoEngine());

public sealed class MongoTlsShopRecordsTests() : ShopRecordsContract(new MongoEngine(MongoEngine.Tls), new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetShopRecordsTests() : ShopRecordsContract(new MongoEngine(MongoEngine.ReplicaSet), new MongoEngine(MongoEngine.ReplicaSet));

public sealed class MongoToSqliteShopRecordsTests() : ShopRecordsContract(new MongoEngine(), new SqliteEngine());

public sealed class SqliteToMongoShopRecordsTests() : ShopRecordsContract(new SqliteEngine(), new MongoEngine());

public sealed class MongoShopFilesTests() : ShopFilesContract(new MongoEngine());

public sealed class MongoTlsShopFilesTests() : ShopFilesContract(new MongoEngine(MongoEngine.Tls));

public sealed class MongoReplicaSetShopFilesTests() : ShopFilesContract(new MongoEngine(MongoEngine.ReplicaSet));
