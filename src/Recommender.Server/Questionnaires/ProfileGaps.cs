using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Server.Questionnaires;

/// <summary>
/// What somebody answered before it was known who they are fills what their profile lacks, once, when they are linked: a link that holds
/// already does not bring back what a customer had forgotten since.
/// </summary>
internal sealed class ProfileGaps(Shop shop)
{
    public async Task FillAsync(Person from, string customerId, CancellationToken cancellation)
    {
        var circle = await shop.Identities.OfAsync(Person.Customer(customerId), cancellation);
        var newest = AnswerEvents.Standing(await shop.Circles.OfAsync(circle, cancellation))
            .Where(one => one.Answer!.Kind != AnswerKind.Skipped)
            .GroupBy(one => (one.Answer!.QuestionnaireId, one.Answer.QuestionId)).Select(answers => answers.Last());
        var filling = newest.Where(one => one.Person == from).Select(one => (Said: one, Question: QuestionOf(one.Answer!))).Where(one => Fills(one.Question, one.Said)).ToArray();
        if (filling.Length == 0) return;
        await shop.Profiles.ChangeAsync(circle.Root.Id,
            customer => filling.Aggregate(customer, (filled, one) => ProfileFilling.WhereEmpty(filled, one.Question!, one.Said)), cancellation);
    }

    private Question? QuestionOf(Answer answer) =>
        shop.Questionnaires.Find(answer.QuestionnaireId, answer.Version)?.Definition.Find(answer.QuestionId);

    // The schema may have become another since it was answered: what it would refuse is left out.
    private bool Fills(Question? question, ShopEvent said) => question is { Fills.Length: > 0 } && said.Answer!.Value is { } value
        && ProfileFilling.ProblemWith(question, value, shop.Profiles.Schema) is null;
}
