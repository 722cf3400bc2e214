using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Server.Questionnaires;

/// <summary>Answers that fill an attribute or a day of the customer's profile, with where it is from.</summary>
internal static class ProfileFilling
{
    // What somebody said of themselves in as many words.
    private const double Stated = 1;

    /// <summary>The profile as it is once the newest answer to a question counts.</summary>
    /// <param name="earlier">When the question was answered before: what that filled is taken away with the answer.</param>
    public static Customer After(Customer customer, Question question, ShopEvent newest, IReadOnlyCollection<DateTimeOffset> earlier) =>
        newest.Answer!.Value is { } value ? Filled(customer, question, newest, value) : Emptied(customer, question.Fills, earlier);

    /// <summary>What is wrong with an answer under the shop's profile schema; null if nothing is.</summary>
    public static string? ProblemWith(Question question, AnswerValue? value, ProfileSchema schema) =>
        question.Fills.Length == 0 || value is null or AnswerValue.Date || schema.ProblemWith(question.Fills, AttributeOf(question, value)) is not { } problem
            ? null : $"fills the attribute {question.Fills}, which {problem}";

    private static Customer Filled(Customer customer, Question question, ShopEvent newest, AnswerValue value)
    {
        string name = question.Fills;
        // An old answer that arrives late does not undo what was said since.
        if (customer.Statements.TryGetValue(name, out var statement) && statement.At > newest.OccurredAt) return customer;
        customer = customer with { Statements = customer.Statements.SetItem(name, new Statement(newest.Answer!.Source, newest.OccurredAt, Stated)) };
        return value is AnswerValue.Date date
            ? customer with { Dates = customer.Dates.SetItem(name, date.Value) }
            : customer with { Attributes = customer.Attributes.SetItem(name, AttributeOf(question, value)) };
    }

    private static Customer Emptied(Customer customer, string name, IReadOnlyCollection<DateTimeOffset> earlier) =>
        customer.Statements.TryGetValue(name, out var statement) && earlier.Contains(statement.At)
            ? customer with { Statements = customer.Statements.Remove(name), Dates = customer.Dates.Remove(name), Attributes = customer.Attributes.Remove(name) }
            : customer;

    private static AttributeValue AttributeOf(Question question, AnswerValue value) => value switch
    {
        AnswerValue.Choice { OptionIds: [var only] } when question is Question.Choice { Single: true } => new AttributeValue.Text(only),
        AnswerValue.Choice several => new AttributeValue.TextList(several.OptionIds),
        AnswerValue.Scale scale => new AttributeValue.Number(scale.Point),
        AnswerValue.Number number => new AttributeValue.Number(number.Value),
        AnswerValue.Text text => new AttributeValue.Text(text.Value),
        _ => throw new InvalidOperationException($"{value} fills no attribute"),
    };
}
