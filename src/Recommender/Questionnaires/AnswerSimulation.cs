using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Questionnaires;

/// <summary>
/// Asks people whom the model has never seen questions with a choice of answers, and measures how well the list made from the answers
/// alone finds what they have. The answers are columns of the training set.
/// </summary>
public static class AnswerSimulation
{
    /// <param name="people">Columns are items and then options; respondents without items or without answers are passed over.</param>
    /// <param name="model">Trained on <see cref="HeldOutPeople.Training"/>.</param>
    /// <param name="asking">All questions, in the author's order.</param>
    /// <param name="questions">Numbers of questions to measure at.</param>
    /// <param name="seed">Draws the random order.</param>
    /// <param name="threads">Cores to use; the figures do not depend on it.</param>
    /// <param name="progress">Part that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops within one respondent.</param>
    /// <exception cref="ArgumentException">More questions than there are, or nobody to measure.</exception>
    public static SimulationResult Run(HeldOutPeople people, TrainedModel model, IReadOnlyList<ChoiceQuestion> asking, IReadOnlyList<int> questions,
        ulong seed, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        int most = questions.Count == 0 ? 0 : questions.Max();
        if (questions.Any(count => count < 0) || most > asking.Count)
            throw new ArgumentException($"{most} questions cannot be asked, there are {asking.Count}.", nameof(questions));
        var ranked = new ItemMask(model.Items.Count);
        ranked.SetAll();
        foreach (int column in asking.SelectMany(question => question.Columns)) ranked.Clear(column);
        int[] rows = [.. people.Rows.Where(row => Divide(people.All.Matrix.Row(row), ranked) is { Items.Length: > 0, Answers.Length: > 0 })];
        if (rows.Length == 0) throw new ArgumentException("No customer who was held out has both items and answers: there is nothing to measure.", nameof(people));
        string[] orders = ["adaptive", "fixed", "random"];
        var table = new SimulationTable(rows.Length, orders, questions);
        int done = 0;
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, rows.Length, parallel, () => new Respondent(model, ranked), (k, _, respondent) =>
        {
            (int[] test, int[] answers) = Divide(people.All.Matrix.Row(rows[k]), ranked);
            ChoiceQuestion[] shuffled = [.. asking];
            HeldOutPeople.RandomOf(seed, rows[k]).Shuffle(shuffled);
            for (int order = 0; order < orders.Length; order++)
            {
                respondent.Start();
                if (order == 0) table.Popularity[k] = respondent.Ndcg(test);
                List<ChoiceQuestion> left = [.. order == 2 ? shuffled : asking];
                for (int asked = 0; asked <= most; asked++)
                {
                    if (asked > 0) Ask(respondent, left, adaptive: order == 0, answers);
                    if (table.IsMeasured(asked)) table.Set(k, order, asked, respondent.Ndcg(test), respondent.YesCount);
                }
            }
            respondent.Start();
            foreach (ChoiceQuestion question in asking) Tell(respondent, question, answers);
            table.Ceiling[k] = respondent.Ndcg(test);
            progress?.Report(Interlocked.Increment(ref done) / (double)rows.Length);
            return respondent;
        }, _ => { });
        return table.Result();
    }

    private static void Ask(Respondent respondent, List<ChoiceQuestion> left, bool adaptive, int[] answers)
    {
        ChoiceQuestion next = adaptive
            ? left.MaxBy(question => respondent.Elicitation.ExpectedGain(question.Columns.AsSpan(), [], question.Answered))!
            : left[0];
        left.Remove(next);
        Tell(respondent, next, answers);
    }

    // Who skips a question says nothing by it.
    private static void Tell(Respondent respondent, ChoiceQuestion question, int[] answers)
    {
        if (!question.Columns.Any(answers.Contains)) return;
        foreach (int column in question.Columns) respondent.Tell(column, answers.Contains(column));
    }

    private static (int[] Items, int[] Answers) Divide(InteractionRow row, ItemMask ranked)
    {
        int[] columns = row.Columns.ToArray();
        return (Array.FindAll(columns, column => ranked[column]), Array.FindAll(columns, column => !ranked[column]));
    }
}
