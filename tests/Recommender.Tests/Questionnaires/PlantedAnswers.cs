using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Tests.Models;

namespace Recommender.Tests.Questionnaires;

/// <summary>
/// A shop of three kinds of items. Everybody likes one kind and has half of it; half of them have said which ("genre"), and everybody
/// was asked for a lucky number, which says nothing. Options are columns with TABs in their keys, after the items.
/// </summary>
internal static class PlantedAnswers
{
    public const int Kinds = 3, ItemsEach = 12, Items = Kinds * ItemsEach;

    public static int[] Genre { get; } = [Items, Items + 1, Items + 2];

    public static int[] LuckyNumber { get; } = [Items + 3, Items + 4, Items + 5];

    public static TrainingSet Set(int customers = 3000)
    {
        var random = new Random(11);
        var pairs = new List<(int, int)>();
        for (int customer = 0; customer < customers; customer++)
        {
            int kind = random.Next(Kinds);
            for (int item = 0; item < Items; item++)
            {
                if (random.NextDouble() < (item / ItemsEach == kind ? 0.5 : 0.05)) pairs.Add((customer, item));
            }
            if (random.Next(2) == 0) pairs.Add((customer, Genre[kind]));
            pairs.Add((customer, LuckyNumber[random.Next(3)]));
        }
        var columns = new VocabularyBuilder();
        for (int item = 0; item < Items; item++) columns.Add($"item{item}");
        foreach (string option in (string[])["crime", "garden", "travel"]) columns.Add($"answer\tonboarding\tgenre\t{option}");
        foreach (string option in (string[])["3", "7", "9"]) columns.Add($"answer\tonboarding\tlucky\t{option}");
        var people = new VocabularyBuilder();
        for (int customer = 0; customer < customers; customer++) people.Add($"customer:{customer}");
        return new TrainingSet(people.Build(), columns.Build(), InteractionMatrix.FromPairs(customers, Items + 6, pairs));
    }

    public static TrainedModel Train(int threads = 2) => SmallShop.Train(Set(), SmallShop.Recipe(factors: 8), threads);

    /// <summary>The items without the options.</summary>
    public static ItemMask ItemMask()
    {
        var mask = new ItemMask(Items + 6);
        for (int item = 0; item < Items; item++) mask.Set(item);
        return mask;
    }
}
