using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class SqliteEventLogTests() : EventLogContract(new SqliteEngine());

public sealed class SqliteItemStoreTests() : ItemStoreContract(new SqliteEngine());

public sealed class SqliteCustomerStoreTests() : CustomerStoreContract(new SqliteEngine());

public sealed class SqliteScenarioStoreTests() : ScenarioStoreContract(new SqliteEngine());

public sealed class SqliteModelRegistryTests() : ModelRegistryContract(new SqliteEngine());

public sealed class SqliteRecommendationLogTests() : RecommendationLogContract(new SqliteEngine());

public sealed class SqliteCheckpointsTests() : CheckpointsContract(new SqliteEngine());
