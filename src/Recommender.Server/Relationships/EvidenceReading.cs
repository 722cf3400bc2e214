using Recommender.Customers;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Questionnaires;
using Recommender.Server.Profiles;
using Contact = Recommender.Pressure.Contact;
using ContactState = Recommender.Pressure.ContactState;

namespace Recommender.Server.Relationships;

/// <summary>Puts together what a relationship is judged by: events, answers of satisfaction, contacts, and how somebody made themselves known.</summary>
internal sealed class EvidenceReading(Shop shop)
{
    private const string ByCustomer = "customer";

    private static readonly TimeSpan _answeredWithin = TimeSpan.FromDays(7);

    /// <param name="events">Everything that counts for the circle's root, in log order.</param>
    /// <param name="profile">Null where nothing is stated of the root.</param>
    /// <param name="contacts">Of everybody in the circle, oldest first.</param>
    public CircleEvidence Of(Circle circle, IReadOnlyList<ShopEvent> events, Customer? profile, IReadOnlyList<Contact> contacts)
    {
        var standing = StandingEvents.InLogOrder(events);
        return new CircleEvidence(circle, profile, new RelationshipEvidence(events)
        {
            Introductions = [.. Introductions(circle, profile, standing)],
            SatisfactionAnswers = SatisfactionAnswers(standing),
            Complaints = [.. standing.Where(happened => happened.Type == EventTypes.Complaint).Select(happened => happened.OccurredAt)],
            Contacts = [.. contacts.Where(contact => contact.State == ContactState.Confirmed).Select(contact => new RelationshipContact(contact.At, Answered(contact, standing)))],
        });
    }

    /// <summary>Answering, signing in on a device, and stating something of oneself make known who one is.</summary>
    private static IEnumerable<DateTimeOffset> Introductions(Circle circle, Customer? profile, IReadOnlyList<ShopEvent> standing)
    {
        foreach (var happened in standing)
        {
            if (happened.Answer is { Kind: AnswerKind.Given }) yield return happened.OccurredAt;
        }
        if (circle.Root.Kind == PersonKind.Visitor) yield break;
        foreach (var link in circle.Map.LinksTo(circle.Root.Id)) yield return link.Since;
        if (profile is null) yield break;
        foreach (var consent in profile.Consents.Where(consent => consent.Source == ByCustomer)) yield return consent.At;
        foreach (var statement in profile.Statements.Values.Where(statement => statement.Source == ByCustomer)) yield return statement.At;
    }

    /// <summary>Of each session the last word on each question; what was taken back no longer counts, in any session.</summary>
    private List<SatisfactionAnswer> SatisfactionAnswers(IReadOnlyList<ShopEvent> standing)
    {
        var scores = new List<((string, string) Question, string Session, SatisfactionAnswer Score)>();
        foreach (var happened in standing)
        {
            if (happened.Answer is not { Kind: not AnswerKind.Skipped } answer) continue;
            var question = (answer.QuestionnaireId, answer.QuestionId);
            string session = answer.SessionId ?? happened.EventId;
            scores.RemoveAll(before => before.Question == question && (answer.Kind != AnswerKind.Given || before.Session == session));
            if (answer.Value is { } value && ScoreOf(answer, value) is { } score) scores.Add((question, session, new SatisfactionAnswer(happened.OccurredAt, score)));
        }
        return [.. scores.Select(score => score.Score)];
    }

    private double? ScoreOf(Answer answer, AnswerValue value) =>
        shop.Questionnaires.Find(answer.QuestionnaireId, answer.Version)?.Definition is { Purpose: QuestionnairePurpose.Satisfaction } definition
            ? definition.Find(answer.QuestionId)?.ScoreOf(value)
            : null;

    /// <summary>Somebody came back by a recommendation, or to what the contact was about, within a week.</summary>
    private static bool Answered(Contact contact, IReadOnlyList<ShopEvent> standing) => standing.Any(happened =>
        happened.OccurredAt >= contact.At && happened.OccurredAt - contact.At <= _answeredWithin
        && (happened.RecommendationId is not null || (happened.ItemId is { } item && contact.ItemIds.Contains(item))));
}

/// <param name="Profile">Null for visitors and where nothing is stated.</param>
internal sealed record CircleEvidence(Circle Circle, Customer? Profile, RelationshipEvidence Evidence)
{
    public IReadOnlyList<ShopEvent> Events => Evidence.Events;

    public bool IsEmpty => Events.Count == 0 && Profile is null;
}
