using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Expressions;
using Recommender.Questionnaires;
using Recommender.Server.Errors;

namespace Recommender.Server.Questionnaires;

/// <summary>Drafts and how they become versions.</summary>
internal sealed class Definitions(Shop shop)
{
    private const int MostProblems = 50;

    /// <returns>What keeps the draft from being published, none if nothing does.</returns>
    /// <exception cref="RefusedException">The definition cannot be read.</exception>
    public async Task<(StoredQuestionnaire Draft, IReadOnlyList<Fault> Problems)> SaveDraftAsync(Struct? definition, CancellationToken cancellation)
    {
        if (definition is null)
            throw new RefusedException(StatusCode.InvalidArgument, "definition is missing", [new("definition", "is missing")]);
        string json = JsonFormatter.Default.Format(definition);
        Questionnaire draft;
        try { draft = QuestionnaireReader.Read(json, version: 0); }
        catch (InvalidQuestionnaireException invalid) { throw Refused(StatusCode.InvalidArgument, invalid.Message, invalid.Faults); }
        await shop.Questionnaires.SaveDraftAsync(draft.Id, json, cancellation);
        return (new StoredQuestionnaire(draft, shop.Questionnaires.Find(draft.Id, 0)!.At, json), [.. Faults(draft).Take(MostProblems)]);
    }

    /// <exception cref="RefusedException">There is no draft, it has faults, or somebody else published since <paramref name="baseVersion"/>.</exception>
    public async Task<StoredQuestionnaire> PublishAsync(string id, int baseVersion, CancellationToken cancellation)
    {
        var draft = shop.Questionnaires.Find(id, 0) ?? throw Unknown(id);
        int newest = shop.Questionnaires.Newest(id), version = baseVersion + 1;
        if (baseVersion < 0 || baseVersion > newest)
            throw new RefusedException(StatusCode.InvalidArgument, $"base_version is {baseVersion}, the newest version is {newest}",
            [new("base_version", $"is {baseVersion}, the newest version is {newest}")]);
        if (newest == baseVersion)
        {
            Fault[] faults = [.. Faults(draft.Definition).Take(MostProblems)];
            if (faults.Length > 0)
                throw Refused(StatusCode.FailedPrecondition, $"the draft of \"{id}\" cannot be published: {faults[0].Path} {faults[0].Problem}", faults);
            if (await shop.Questionnaires.TryPublishAsync(id, version, draft.Json, cancellation))
                return shop.Questionnaires.Find(id, version)!;
        }
        // A call whose answer was lost is made again: what it asks for has been done.
        if (shop.Questionnaires.Newest(id) == version && shop.Questionnaires.Find(id, version) is { } known && known.Json == draft.Json)
            return known;
        throw new RefusedException(StatusCode.Aborted,
            $"version {shop.Questionnaires.Newest(id)} of \"{id}\" was published meanwhile; look at it, and publish with it as base_version if the draft is still wanted");
    }

    /// <summary>A version that may be answered: the newest where none is named.</summary>
    public Questionnaire Published(string id, int? version)
    {
        int newest = shop.Questionnaires.Newest(id), wanted = version ?? newest;
        if (shop.Questionnaires.Find(id, wanted) is { } found && wanted > 0) return found.Definition;
        if (newest == 0 && shop.Questionnaires.Find(id, 0) is null) throw Unknown(id);
        throw newest == 0
            ? new RefusedException(StatusCode.FailedPrecondition, $"the questionnaire \"{id}\" is a draft; publish it first", [new("questionnaire_id", "is a draft; publish it first")])
            : new RefusedException(StatusCode.NotFound, $"there is no version {wanted} of \"{id}\"; the newest is {newest}", [new("version", $"is {wanted}; the newest is {newest}")]);
    }

    public StoredQuestionnaire Known(string id, int? version)
    {
        int newest = shop.Questionnaires.Newest(id), wanted = version ?? newest;
        if (shop.Questionnaires.Find(id, wanted) is { } found) return found;
        if (newest == 0 && shop.Questionnaires.Find(id, 0) is null) throw Unknown(id);
        throw new RefusedException(StatusCode.NotFound,
            $"there is no version {wanted} of \"{id}\"; the newest is {newest}", [new("version", $"is {wanted}; the newest is {newest}")]);
    }

    public RefusedException Unknown(string id) => RefusedException.NotFound("questionnaire", id, shop.Questionnaires.Ids);

    private IEnumerable<Fault> Faults(Questionnaire draft)
    {
        var schema = shop.Live.Current.View.Schema;
        var shelves = shop.Live.Now.Shelves;
        return QuestionnaireRules.Faults(draft, ProblemWithExpression, itemId => shelves.Find(itemId) is null ? shop.UnknownItem(itemId).Message : null)
            .Concat(Undeclared(draft));

        string? ProblemWithExpression(string expression)
        {
            try
            {
                ItemPredicate.Compile(expression, schema);
                return null;
            }
            catch (ExpressionException problem) { return $"is no condition on items here: {problem.Message}"; }
        }
    }

    private IEnumerable<Fault> Undeclared(Questionnaire draft)
    {
        var declared = shop.Profiles.Schema.Attributes;
        for (int i = 0; i < draft.Questions.Length; i++)
        {
            string name = draft.Questions[i] is Question.Date ? "" : draft.Questions[i].Fills;
            if (name.Length > 0 && !declared.IsEmpty && !declared.ContainsKey(name))
                yield return new($"questions[{i}].fills",
                    $"is \"{name}\", which is not in the profile schema{NearestName.Hint(name, declared.Keys)} Declare it first");
        }
    }

    private static RefusedException Refused(StatusCode code, string message, IReadOnlyList<Fault> faults) =>
        new(code, message, [.. faults.Take(MostProblems).Select(fault => new Violation(fault.Path, fault.Problem))]);
}
