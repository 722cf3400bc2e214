using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.Repeats;

namespace Recommender.Interactions;

/// <summary>What a model learns from.</summary>
/// <param name="People">Rows of the matrix. A key is <c>customer:ID</c> or <c>visitor:ID</c> where it was made from events.</param>
/// <param name="Items">Columns of the matrix.</param>
/// <param name="Matrix">Positive confidences, people x items.</param>
public sealed record TrainingSet(Vocabulary People, Vocabulary Items, InteractionMatrix Matrix)
{
    private const string CustomerMark = "customer:";
    private const string VisitorMark = "visitor:";

    /// <summary>Position of the last event it was made from; 0 where it came from a file.</summary>
    public long EventsUpTo { get; init; }

    /// <summary>The moment as of which its events were decayed.</summary>
    public DateTimeOffset AsOf { get; init; }

    /// <summary>When the reading of its events began; null where that is not known.</summary>
    public DateTimeOffset? ReadFrom { get; init; }

    /// <summary>Rows that are made of several people's events: linked visitors and accounts.</summary>
    public IReadOnlySet<int> LinkedPeople { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>The part of all pairs that is not in it, so that models can be compared on them; 0 where everything is learned.</summary>
    public double HeldOutShare { get; init; }

    /// <summary>The semantics it was made with. They go into the model, whose fold-ins must read histories the same way.</summary>
    public ConfidenceOptions Confidence { get; init; } = new();

    /// <summary>The shop's items by their ids, so that new ones can be placed by their attributes; null where only interactions are known.</summary>
    public IReadOnlyDictionary<string, Item>? Catalogue { get; init; }

    /// <summary>How often and when items are bought again; null where the times are not known.</summary>
    public RepeatRates? Repeats { get; init; }

    /// <summary>The purchases of each person, rows as in the matrix; null where they are not kept.</summary>
    public IReadOnlyList<IReadOnlyList<(int Item, PurchaseHabit Habit)>>? Habits { get; init; }

    /// <summary>The chance that a question is answered when it is put to somebody, by <c>AnswerColumns.QuestionOf</c>.</summary>
    public ImmutableSortedDictionary<string, double> Responses { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>The row key of a person: a customer and a visitor with the same id are two people.</summary>
    public static string Key(Person person) => person.Kind == PersonKind.Customer ? KeyOfCustomer(person.Id) : $"{VisitorMark}{person.Id}";

    internal static string KeyOfCustomer(string id) => $"{CustomerMark}{id}";

    /// <summary>The id of a customer's row key; null for a visitor's, or one that was not made from events.</summary>
    internal static string? CustomerOf(string key) => key.StartsWith(CustomerMark, StringComparison.Ordinal) ? key[CustomerMark.Length..] : null;

    /// <summary>The row key of what may be one already: ids out of a file have no mark and are customers'.</summary>
    internal static string KeyOf(string key) => CustomerOf(key) is not null || IsVisitor(key) ? key : KeyOfCustomer(key);

    internal static bool IsVisitor(string key) => key.StartsWith(VisitorMark, StringComparison.Ordinal);
}
