using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Cli.Importing;

/// <summary>Interactions with the answers as further columns, and the questions they belong to.</summary>
internal sealed record AnsweredSet(TrainingSet Set, IReadOnlyList<ChoiceQuestion> Questions);

/// <summary>
/// Reads lines <c>customer TAB question TAB option</c> beside interactions. Questions come in the order of the file; customers without
/// interactions are passed over, nothing could be measured or learned of them.
/// </summary>
internal static class AnswerFile
{
    private static readonly ExpectedFile _expected = new("answers.tsv", "answers");

    /// <exception cref="ImportException">There is no such file.</exception>
    public static AnsweredSet Read(string file, TrainingSet interactions, ICollection<RejectedLine> rejected, CancellationToken cancellation)
    {
        var files = new SourceFiles(file, _expected);
        var columns = new VocabularyBuilder();
        for (int item = 0; item < interactions.Items.Count; item++) columns.Add(interactions.Items[item]);
        var options = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        var order = new List<string>();
        var pairs = new HashSet<(int Person, int Column)>();
        var answered = new HashSet<(int Person, string Question)>();
        using var lines = new LineReader(files.Open(files.Single), InvalidBytes.MarkingUtf8);
        LineStatus status;
        while ((status = lines.Read(out string text)) != LineStatus.End)
        {
            cancellation.ThrowIfCancellationRequested();
            if (status == LineStatus.Read && text.AsSpan().IsWhiteSpace()) continue;
            string[] fields = text.Split('\t');
            if (ProblemWith(status, text, fields) is { } problem)
            {
                rejected.Add(new RejectedLine(new Place(files.Single, lines.Line), "", DelimitedRow.Shown(text), problem));
                continue;
            }
            if (!interactions.People.TryGetNumber(fields[0], out int person)) continue;
            if (!answered.Add((person, fields[1])))
            {
                rejected.Add(new RejectedLine(new Place(files.Single, lines.Line), "", DelimitedRow.Shown(text), "answers a question a second time"));
                continue;
            }
            if (!options.TryGetValue(fields[1], out var known))
            {
                options[fields[1]] = known = [];
                order.Add(fields[1]);
            }
            int column = columns.Add($"answer\t{fields[1]}\t{fields[2]}");
            known.Add(column);
            pairs.Add((person, column));
        }
        for (int person = 0; person < interactions.People.Count; person++)
        {
            foreach (int item in interactions.Matrix.Row(person).Columns) pairs.Add((person, item));
        }
        var matrix = InteractionMatrix.FromPairs(interactions.People.Count, columns.Count, pairs);
        double people = Math.Max(1, interactions.People.Count);
        return new AnsweredSet(interactions with { Items = columns.Build(), Matrix = matrix },
            [.. order.Select(question => new ChoiceQuestion(question, [.. options[question]], answered.Count(one => one.Question == question) / people))]);
    }

    private static string? ProblemWith(LineStatus status, string text, string[] fields) => status switch
    {
        LineStatus.TooLong => $"is longer than {LineReader.MaxLength:N0} characters",
        LineStatus.Broken => "is where the compressed file breaks off or is damaged; copy it again",
        _ when text.Contains(InvalidBytes.Mark) => "is not valid UTF-8; convert the file to UTF-8",
        _ when fields.Length != 3 => $"has {fields.Length} fields; write customer, question and option with TABs between",
        _ => fields.Select(Identifier.ProblemWith).FirstOrDefault(problem => problem is not null) is { } problem ? $"holds a field that {problem}" : null,
    };
}
