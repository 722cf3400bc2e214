using System.Globalization;
using Recommender.Catalogue;
using Recommender.Questionnaires;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Questionnaires;

/// <summary>Questions as they are put to somebody: in one language, and with the items chosen.</summary>
internal static class QuestionMapping
{
    public static Wire.Question ToWire(Question question, string language, IReadOnlyList<string> itemIds, Shelves shelves)
    {
        var wire = new Wire.Question
        {
            QuestionId = question.Id,
            Text = question.Text.In(language),
            Help = question.Help.In(language),
            MaySkip = question.MaySkip,
            MayDecline = question.MayDecline,
        };
        switch (question)
        {
            case Question.Choice choice:
                wire.Kind = choice.Single ? Wire.QuestionKind.Single : Wire.QuestionKind.Multi;
                (wire.MinPicks, wire.MaxPicks) = choice.Single ? (1, 1) : (choice.MinPicks, choice.MaxPicks);
                wire.Options.AddRange(choice.Options.Select(option => new Wire.Option { OptionId = option.Id, Text = option.Text.In(language) }));
                break;
            case Question.Scale scale:
                (wire.Kind, wire.FromPoint, wire.ToPoint) = (Wire.QuestionKind.Scale, scale.From, scale.To);
                wire.Labels.AddRange(scale.Labels.Select(label => new Wire.PointLabel { Point = label.Key, Text = label.Value.In(language) }));
                break;
            case Question.Number number:
                wire.Kind = Wire.QuestionKind.Number;
                if (number.From is { } from) wire.FromNumber = from;
                if (number.To is { } to) wire.ToNumber = to;
                wire.Unit = number.Unit.In(language);
                break;
            case Question.Date date:
                wire.Kind = Wire.QuestionKind.Date;
                (wire.FromDate, wire.ToDate) = (Written(date.From), Written(date.To));
                break;
            case Question.FreeText text:
                (wire.Kind, wire.MaxCharacters) = (Wire.QuestionKind.Text, text.MaxCharacters);
                break;
            case Question.Items items:
                wire.Kind = Wire.QuestionKind.Items;
                wire.Rated = items.Rated;
                (wire.MinPicks, wire.MaxPicks) = (Math.Min(items.MinPicks, itemIds.Count), Math.Min(items.MaxPicks ?? itemIds.Count, itemIds.Count));
                wire.Items.AddRange(itemIds.Select(itemId => new Wire.QuestionItem { ItemId = itemId, Title = shelves.Find(itemId)?.Title ?? itemId }));
                break;
            default:
                throw new InvalidOperationException($"a question of type {question.GetType().Name} has no wire form");
        }
        return wire;
    }

    public static Wire.QuestionnairePurpose ToWire(QuestionnairePurpose purpose) => purpose switch
    {
        QuestionnairePurpose.Satisfaction => Wire.QuestionnairePurpose.Satisfaction,
        QuestionnairePurpose.Poll => Wire.QuestionnairePurpose.Poll,
        _ => Wire.QuestionnairePurpose.Onboarding,
    };

    internal static string Written(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
