using Spectre.Console;

namespace Recommender.Cli.Terminal;

/// <summary>A bar on a terminal; in a pipe a line at every stage and every tenth of the way.</summary>
internal static class ProgressBar
{
    public static Task<T> RunAsync<T>(Screen screen, string title, Func<IProgress<Step>, Task<T>> work) =>
        screen.IsTerminal ? WithBarAsync(screen, title, work) : work(new Lines(screen, title));

    private static Task<T> WithBarAsync<T>(Screen screen, string title, Func<IProgress<Step>, Task<T>> work) =>
        screen.Error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                var result = await work(new Bar(task, title));
                task.Value = 1;
                return result;
            });

    private sealed class Bar(ProgressTask task, string title) : IProgress<Step>
    {
        public void Report(Step step)
        {
            task.Value = step.Fraction;
            task.Description = Markup.Escape($"{title}: {step.Stage}");
        }
    }

    private sealed class Lines(Screen screen, string title) : IProgress<Step>
    {
        private readonly Lock _gate = new();
        private int _tenth = -1;

        public void Report(Step step)
        {
            lock (_gate)
            {
                int tenth = (int)(step.Fraction * 10);
                if (tenth <= _tenth) return;
                _tenth = tenth;
                screen.Note($"{title}: {step.Fraction:P0} {step.Stage}");
            }
        }
    }
}
