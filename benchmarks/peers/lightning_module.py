"""Lightning as its documentation shows it: a LightningModule, a DataLoader over a TensorDataset, a Trainer.
Logger, checkpoints and progress bar are off. The data are normalised beforehand, which spares it a transform
for each picture."""

import logging
import time
import warnings

import lightning
import torch
from torch.utils.data import DataLoader, TensorDataset

from peers.common import BATCH, LEARNING_RATE, Classifier, SimpleCnn
from peers.common import load_mnist, loss_of, parse_arguments, report


class Module(lightning.LightningModule):
    def __init__(self, model, loss_function):
        super().__init__()
        self.model = model
        self.loss_function = loss_function

    def training_step(self, batch, _):
        x, y = batch
        return self.loss_function(self.model(x), y)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=LEARNING_RATE)


class Timing(lightning.Callback):
    def __init__(self, examples):
        self.examples = examples
        self.speeds = []

    def on_train_epoch_start(self, trainer, module):
        self.begin = time.perf_counter()
        self.total = torch.zeros((), device=module.device)

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        self.total += outputs["loss"] * len(batch[0])

    def on_train_epoch_end(self, trainer, module):
        self.train_loss = self.total.item() / self.examples
        self.speeds.append(self.examples / (time.perf_counter() - self.begin))


def main():
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    arguments = parse_arguments()
    model = Classifier() if arguments.model == "classifier" else SimpleCnn()
    timing = Timing(arguments.examples)
    trainer = lightning.Trainer(
        max_epochs=arguments.epochs,
        accelerator="gpu" if arguments.device == "cuda" else "cpu",
        devices=1,
        callbacks=[timing],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    loader = DataLoader(TensorDataset(*load_mnist(arguments)), batch_size=BATCH, shuffle=True)
    trainer.fit(Module(model, loss_of(arguments.model)), loader)
    report(timing.speeds, timing.train_loss)


if __name__ == "__main__":
    main()
