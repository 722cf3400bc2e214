using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Server.Questionnaires;

namespace Recommender.Server.Serving;

/// <summary>A reason as a sentence part for people.</summary>
public static class ReasonText
{
    public static string Of(ServedReason reason, Shelves shelves, AnswerMeanings answers)
    {
        if (reason.Text.Length > 0) return reason.Text;
        if (answers.Find(reason.ItemId) is { } said)
            return reason.Kind == Evidence.NotChosen
                ? $"because you did not answer {said.Option} to {said.Question}"
                : $"because you answered {said.Option} to {said.Question}";
        string title = shelves.Find(reason.ItemId)?.Title ?? reason.ItemId;
        return reason.Kind switch
        {
            EventTypes.Purchase => $"because you bought {title}",
            EventTypes.View => $"because you looked at {title}",
            EventTypes.Like => $"because you like {title}",
            EventTypes.Rating => $"because you rated {title} highly",
            EventTypes.Hide or EventTypes.Dislike => $"because you do not like {title}",
            EventTypes.Answer => $"because you picked {title}",
            Evidence.NotChosen => $"because you did not pick {title}",
            EventTypes.CartAdd => $"because you put {title} into your cart",
            "session" => $"because you are looking at {title}",
            Source.Similar => title.Length > 0 ? $"goes with {title}" : "goes with these",
            Source.Popular => "because many others chose it",
            _ => $"because of {title} ({reason.Kind})",
        };
    }
}
