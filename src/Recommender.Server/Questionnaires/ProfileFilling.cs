using Grpc.Core;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Questionnaires;

/// <summary>Answers that fill an attribute or a day of the customer's profile, with where it is from. Visitors have no profile.</summary>
internal sealed class ProfileFilling(ICustomerStore customers, Tenant tenant)
{
    private const int MostTries = 20;

    // What somebody said of themselves in as many words.
    private const double Stated = 1;

    /// <param name="happened">The answer, recorded.</param>
    /// <param name="earlier">When the same question was answered before: what that filled is taken away with the answer.</param>
    public async Task FillAsync(ShopEvent happened, Question question, IReadOnlyCollection<DateTimeOffset> earlier, CancellationToken cancellation)
    {
        if (question.Fills.Length == 0 || happened.Person.Kind != PersonKind.Customer || happened.Answer!.Kind == AnswerKind.Skipped) return;
        for (int tries = 0; tries < MostTries; tries++)
        {
            var before = await customers.FindAsync(tenant, happened.Person.Id, cancellation) ?? new Customer(happened.Person.Id);
            var after = happened.Answer.Kind == AnswerKind.Given ? Filled(before, question, happened) : Emptied(before, question.Fills, earlier);
            if (after.Equals(before) || await customers.TryUpdateAsync(tenant, after, cancellation)) return;
        }
        throw new RefusedException(StatusCode.Aborted, $"the answer is recorded, but the profile of {happened.Person} changed {MostTries} times while it was to be filled; send the answer again");
    }

    private static Customer Filled(Customer customer, Question question, ShopEvent happened)
    {
        var (answer, name) = (happened.Answer!, question.Fills);
        // An old answer that arrives late does not undo what was said since.
        if (customer.Statements.TryGetValue(name, out var statement) && statement.At > happened.OccurredAt) return customer;
        customer = customer with { Statements = customer.Statements.SetItem(name, new Statement(answer.Source, happened.OccurredAt, Stated)) };
        return answer.Value is AnswerValue.Date date
            ? customer with { Dates = customer.Dates.SetItem(name, date.Value) }
            : customer with { Attributes = customer.Attributes.SetItem(name, AttributeOf(question, answer.Value!)) };
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
