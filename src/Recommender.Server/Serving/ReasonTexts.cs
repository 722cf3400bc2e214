using Recommender.Catalogue;
using Recommender.Ranking;
using Recommender.Server.Questionnaires;

namespace Recommender.Server.Serving;

/// <summary>
/// The reasons of one answer in words. The same few things of a history speak for all of its items, so each is put in words once.
/// </summary>
internal sealed class ReasonTexts(Shelves shelves, AnswerMeanings answers)
{
    // Looked through in their order. More are not kept, so that thousands of items, each with reasons of its own, take a time that grows
    // as they do.
    private const int MostKept = 256;

    private readonly List<(ServedReason Reason, string Text)> _told = [];

    public Shelves Shelves => shelves;

    public string Of(ServedReason reason)
    {
        if (reason.Text.Length > 0) return reason.Text;
        foreach (var (told, text) in _told)
        {
            if (told.ItemId == reason.ItemId && told.Kind == reason.Kind) return text;
        }
        string words = ReasonText.Of(reason, shelves, answers);
        if (_told.Count < MostKept) _told.Add((reason, words));
        return words;
    }
}
