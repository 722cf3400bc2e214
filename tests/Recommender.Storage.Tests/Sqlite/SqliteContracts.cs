using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class SqliteEventLogTests() : EventLogContract(new SqliteEngine());

public sealed class SqliteItemStoreTests() : ItemStoreContract(new SqliteEngine());

public sealed class SqliteCustomerStoreTests() : CustomerStoreContract(new SqliteEngine());

public sealed class SqliteScenarioStoreTests() : ScenarioStoreContract(new SqliteEngine());

public sealed class SqliteModelRegistryTests() : ModelRegistryContract(new SqliteEngine());

public sealed class SqliteRecommendationLogTests() : RecommendationLogContract(new SqliteEngine());

public sealed class SqliteCheckpointsTests() : CheckpointsContract(new SqliteEngine());

public sealed class SqliteSettingsTests() : SettingsContract(new SqliteEngine());

public sealed class SqliteIdentityLinksTests() : IdentityLinksContract(new SqliteEngine());

public sealed class SqliteQuestionnaireStoreTests() : QuestionnaireStoreContract(new SqliteEngine());

public sealed class SqliteQuestionnaireSessionsTests() : QuestionnaireSessionsContract(new SqliteEngine());

public sealed class SqliteContactLedgerTests() : ContactLedgerContract(new SqliteEngine());

public sealed class SqliteLifeCycleStoreTests() : LifeCycleStoreContract(new SqliteEngine());

public sealed class SqliteErasuresTests() : ErasuresContract(new SqliteEngine());

public sealed class SqliteAnswerTests() : AnswerContract(new SqliteEngine());

public sealed class SqliteForgettingTests() : ForgettingContract(new SqliteEngine());

public sealed class SqliteShopFilesTests() : ShopFilesContract(new SqliteEngine());

public sealed class SqliteModelArchiveTests() : ModelArchiveContract(new SqliteEngine());

public sealed class SqlitePersonRecordsTests() : PersonRecordsContract(new SqliteEngine());

public sealed class SqliteShopRecordsTests() : ShopRecordsContract(new SqliteEngine(), new SqliteEngine());
