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
        newest.Answer!.Value is { } value ? Filled(customer, question, newest, value) : Emptied(customer, question, earlier);

    /// <summary>The profile with a given answer where it had no value.</summary>
    public static Customer WhereEmpty(Customer customer, Question question, ShopEvent said) =>
        question is Question.Date ? customer.Dates.ContainsKey(question.Fills) ? customer : Filled(customer, question, said, said.Answer!.Value!)
            : customer.Attributes.ContainsKey(question.Fills) ? customer : Filled(customer, question, said, said.Answer!.Value!);

    /// <summary>What is wrong with an answer under the shop's profile schema; null if nothing is.</summary>
    public static string? ProblemWith(Question question, AnswerValue? value, ProfileSchema schema) =>
        question.Fills.Length == 0 || value is null or AnswerValue.Date || schema.ProblemWith(question.Fills, AttributeOf(question, value)) is not { } problem
            ? null : $"fills the attribute {question.Fills}, which {problem}";

    private static Customer Filled(Customer customer, Question question, ShopEvent newest, AnswerValue value)
    {
        string name = question.Fills, key = StatementOf(question);
        // An old answer that arrives late does not undo what was said since.
        if (customer.Statements.TryGetValue(key, out var statement) && statement.At > newest.OccurredAt) return customer;
        customer = customer with { Statements = customer.Statements.SetItem(key, new Statement(newest.Answer!.Source, newest.OccurredAt, Stated)) };
        return value is AnswerValue.Date date
            ? customer with { Dates = customer.Dates.SetItem(name, date.Value) }
            : customer with { Attributes = customer.Attributes.SetItem(name, AttributeOf(question, value)) };
    }

    private static Customer Emptied(Customer customer, Question question, IReadOnlyCollection<DateTimeOffset> earlier)
    {
        string key = StatementOf(question);
        // What was corrected or overwritten since is not the answer's any more.
        if (!customer.Statements.TryGetValue(key, out var statement) || !earlier.Contains(statement.At)) return customer;
        customer = customer with { Statements = customer.Statements.Remove(key) };
        return question is Question.Date
            ? customer with { Dates = customer.Dates.Remove(question.Fills) }
            : customer with { Attributes = customer.Attributes.Remove(question.Fills) };
    }

    private static string StatementOf(Question question) => question is Question.Date ? Customer.StatementOfDate(question.Fills) : question.Fills;

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
