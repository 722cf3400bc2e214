using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

// What a store promises holds where answers are lost and writes are sent again: each knows its own.

public sealed class MongoLostAnswersItemStoreTests() : ItemStoreContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersCustomerStoreTests() : CustomerStoreContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersSettingsTests() : SettingsContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersQuestionnaireStoreTests() : QuestionnaireStoreContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersQuestionnaireSessionsTests() : QuestionnaireSessionsContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersIdentityLinksTests() : IdentityLinksContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersContactLedgerTests() : ContactLedgerContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersErasuresTests() : ErasuresContract(FaultyEngine.LosingAnswers());
